import { stringify } from "csv-stringify/sync";

/** Records as RFC 4180 writes them, each with its line's end. Cells are written as they are: escape text first. */
export function csvText(records: readonly (readonly string[])[]): string {
  return stringify(
    records.map((record) => [...record]),
    { record_delimiter: "windows" },
  );
}
