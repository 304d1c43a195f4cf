/** Many rows in one statement: a parameter a column, each an array, which the server reads at half the price of JSON. */

import { arrayLiteral } from "./array-literal.ts";

/** How the values of one column travel. */
type ColumnType =
  | "uuid"
  | "text"
  | "integer"
  | "bigint"
  | "double precision"
  | "boolean"
  | "jsonb"
  | "instant"
  | "texts";

interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  /** `instant`: epoch milliseconds. `jsonb`: anything that JSON can say. `texts`: an array of strings. */
  readonly valueOf: (row: Row) => unknown;
}

export interface InsertStatement<Row> {
  /** Prepared once a connection. */
  readonly name: string;
  readonly text: string;
  /** An array a column, as the server reads it: the driver would quote numbers too, and look at every value twice. */
  readonly valuesOf: (rows: readonly Row[]) => string[];
}

/** `rest` follows the rows: what to do on a conflict, what to return. */
export function insertInto<Row>(table: string, columns: readonly Column<Row>[], rest = ""): InsertStatement<Row> {
  const names = columns.map(({ name }) => name).join(", ");
  const values = columns.map(({ name, type }) => readAs(type, `given.${name}`)).join(", ");
  const parameters = columns.map(({ type }, index) => `$${index + 1}::${sentAs(type)}[]`).join(", ");
  return {
    name: `insert-${table}`,
    text: `INSERT INTO ${table} (${names}) SELECT ${values} FROM unnest(${parameters}) AS given(${names}) ${rest}`,
    valuesOf: (rows) => columns.map(({ type, valueOf }) => arrayLiteral(rows.map((row) => toSend(type, valueOf(row))))),
  };
}

function sentAs(type: ColumnType): string {
  if (type === "instant") return "double precision";
  return type === "texts" ? "text" : type;
}

function readAs(type: ColumnType, given: string): string {
  // A double holds the milliseconds of any year to come exactly, and the column keeps milliseconds.
  if (type === "instant") return `to_timestamp(${given} / 1000)`;
  // Arrays in an array would have to be of one length.
  return type === "texts" ? `${given}::text[]` : given;
}

function toSend(type: ColumnType, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (type === "jsonb") return JSON.stringify(value);
  return type === "texts" ? arrayLiteral(value as readonly string[]) : (value as string | number | boolean);
}
