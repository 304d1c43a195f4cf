const needsEscape = /["\\]/;

/** An array as PostgreSQL writes it, `{1,"a \\"quoted\\" text",NULL}`. */
export function arrayLiteral(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map(elementOf).join(",")}}`;
}

function elementOf(value: string | number | boolean | null): string | number | boolean {
  if (value === null) return "NULL";
  if (typeof value !== "string") return value;
  return `"${needsEscape.test(value) ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"') : value}"`;
}
