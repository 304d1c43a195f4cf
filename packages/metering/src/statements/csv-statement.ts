/** Any provider's file of comma-separated values, by the names of its columns. */
import { parseAmount, parseCount, parseDay, textOrNull } from "./statement-fields.ts";
import { StatementError, type StatementLine } from "./statement-line.ts";

/** Which column holds what; a column that the file does not have is left out. */
export interface CsvMapping {
  readonly day: string;
  readonly model?: string | undefined;
  /** Dollars, as a decimal. */
  readonly cost?: string | undefined;
  /** One column or several whose counts are added. */
  readonly tokens?: readonly string[] | undefined;
  readonly requests?: string | undefined;
}

/** Reads a file by RFC 4180 with a header. A line of another length than the header is refused. */
export function readCsvStatement(text: string, mapping: CsvMapping): StatementLine[] {
  const [header = [], ...records] = parseCsv(text.replace(/^\uFEFF/, ""));
  const columns = new Map(header.map((name, index) => [name.trim(), index]));
  const asked = [mapping.day, mapping.model, mapping.cost, mapping.requests, ...(mapping.tokens ?? [])];
  for (const name of asked) {
    if (name !== undefined && !columns.has(name)) throw new StatementError(`The file has no column "${name}".`);
  }
  return records.map((record, index) => {
    const where = `Line ${index + 2}`;
    if (record.length !== header.length) throw new StatementError(`${where} has ${record.length} cells.`);
    const cell = (name: string): string => record[columns.get(name) ?? -1]?.trim() ?? "";
    const { model, cost, tokens, requests } = mapping;
    return {
      day: parseDay(cell(mapping.day), where),
      providerModel: model === undefined ? null : textOrNull(cell(model)),
      tokens: tokens === undefined ? null : tokens.reduce((sum, name) => sum + parseCount(cell(name), where), 0n),
      requests: requests === undefined ? null : parseCount(cell(requests), where),
      costPicoUsd: cost === undefined ? null : parseAmount(cell(cost).replace(/^\$/, ""), 0, where),
    };
  });
}

function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else isQuoted = false;
    } else if (character === '"' && cell === "") isQuoted = true;
    else if (character === ",") {
      record.push(cell);
      cell = "";
    } else if (character === "\n") {
      records.push([...record, cell]);
      record = [];
      cell = "";
    } else if (character !== "\r") cell += character;
  }
  if (isQuoted) throw new StatementError("A quoted cell does not end.");
  if (cell !== "" || record.length > 0) records.push([...record, cell]);
  return records.filter((cells) => cells.length > 1 || cells[0] !== "");
}
