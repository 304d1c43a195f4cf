// Spreadsheets take a cell that begins so for a formula, whatever quotes it came in (threat T-29). The full-width forms
// are normalised to the plain ones by some of them.
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text cell that no spreadsheet runs. For text only: a number that begins with a minus is a number. */
export function escapeFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}
