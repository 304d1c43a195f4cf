const needsQuotes = /[",\r\n]/;

/** Records as RFC 4180 writes them, each with its line's end. Cells are written as they are: escape text first. */
export function csvText(records: readonly (readonly string[])[]): string {
  let text = "";
  for (const record of records) {
    let separator = "";
    for (const cell of record) {
      text += separator + (needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
      separator = ",";
    }
    text += "\r\n";
  }
  return text;
}
