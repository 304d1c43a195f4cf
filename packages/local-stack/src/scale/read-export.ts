/**
 * Reads exported files as a stranger would, a piece at a time however large they are: what they add up to, and what in
 * them breaks the rules of their format.
 */
import { focusHeaderFaults, focusRowFaults } from "@switchyard/metering/testing/focus-validator";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";

export interface FileContents {
  readonly rows: number;
  readonly sumPicoUsd: bigint;
  /** The first few that were found, and how many there are. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

const faultsKept = 5;

class Contents implements FileContents {
  rows = 0;
  sumPicoUsd = 0n;
  readonly faults: string[] = [];
  faultCount = 0;

  add(amountPicoUsd: bigint): void {
    this.rows += 1;
    this.sumPicoUsd += amountPicoUsd;
  }

  complain(faults: readonly string[]): void {
    this.faultCount += faults.length;
    this.faults.push(...faults.slice(0, faultsKept - this.faults.length));
  }
}

export async function readJsonLines(file: AsyncIterable<string>): Promise<FileContents> {
  const contents = new Contents();
  let rest = "";
  for await (const text of file) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) contents.add(parseUsd((JSON.parse(line) as { costUsd: string }).costUsd));
  }
  if (rest !== "") contents.complain(["the last line has no end"]);
  return contents;
}

/** `focusVersion` has every row checked against the rules of that version's columns. */
export async function readCsv(
  file: AsyncIterable<string>,
  amountColumn: string,
  focusVersion: "1.2" | "1.4" | null,
): Promise<FileContents> {
  const contents = new Contents();
  let header: readonly string[] | null = null;
  for await (const record of csvRecords(file)) {
    if (header === null) {
      header = record;
      if (focusVersion !== null) contents.complain(focusHeaderFaults(focusVersion, header));
      continue;
    }
    if (record.length !== header.length) contents.complain([`a record of ${record.length} cells`]);
    const row: Record<string, string> = {};
    for (const [index, name] of header.entries()) row[name] = record[index] ?? "";
    contents.add(parseUsd(row[amountColumn] ?? ""));
    if (focusVersion !== null) contents.complain(focusRowFaults(focusVersion, row));
  }
  return contents;
}

/** RFC 4180: quotes doubled inside quotes, line ends inside quotes kept. */
async function* csvRecords(file: AsyncIterable<string>): AsyncGenerator<string[]> {
  const cellPattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let text = "";
  let record: string[] = [];
  for await (const piece of file) {
    text += piece;
    let end = 0;
    cellPattern.lastIndex = 0;
    for (let cell = cellPattern.exec(text); cell !== null; cell = cellPattern.exec(text)) {
      end = cellPattern.lastIndex;
      const [, quoted, plain = "", separator] = cell;
      record.push(quoted?.replaceAll('""', '"') ?? plain);
      if (separator === ",") continue;
      yield record;
      record = [];
    }
    text = text.slice(end);
  }
  if (text !== "" || record.length > 0) throw new Error("the CSV file does not end with a whole record");
}

/** Row group by row group, from a file that was downloaded. */
export async function readParquet(path: string): Promise<FileContents> {
  const contents = new Contents();
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  // The reader would make floats of decimals; without their type they stay the bytes of an integer.
  for (const element of metadata.schema) if (element.converted_type === "DECIMAL") delete element.converted_type;
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, rowStart, rowEnd, columns: ["cost_usd"] });
    for (const row of rows) {
      contents.add(BigInt.asIntN(128, BigInt(`0x${Buffer.from(row["cost_usd"] as Uint8Array).toString("hex")}`)));
    }
    rowStart = rowEnd;
  }
  return contents;
}
