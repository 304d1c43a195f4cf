import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { OUTCOMES } from "./ledger-entry.ts";

const READ_BYTES = 1 << 20;
const NEWLINE = 0x0a;

const count = z.int().min(0);

/** The lines of a ledger file. A call has an `open` line, written before its response begins, and later a `close` line. */
const recordSchema = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("open"),
    sequence: count,
    receivedAtMs: count,
    provider: z.string(),
    model: z.string(),
    endpoint: z.string(),
    attemptId: z.string().nullable(),
    requestBodySha256: z.string().regex(/^[0-9a-f]{64}$/),
    stream: z.boolean(),
  }),
  z.strictObject({
    event: z.literal("close"),
    sequence: count,
    status: z.int().nullable(),
    outcome: z.enum(OUTCOMES).exclude(["open"]),
    billedTokens: z.strictObject({ input: count, cachedInput: count, output: count, reasoning: count }).nullable(),
    billedUnits: z
      .strictObject({ images: count, audioSeconds: count, characters: count, searchUnits: count })
      .partial()
      .optional(),
  }),
  z.strictObject({ event: z.literal("clear"), lastSequence: count }),
]);

export type LedgerRecord = z.infer<typeof recordSchema>;

/**
 * An append-only file of ledger records, one JSON object a line. A line is with the operating system when `append`
 * returns, so it outlives the process, whatever ends it; only a crash of the machine can lose what was not yet synced.
 */
export class LedgerFile {
  readonly #path: string;
  readonly #descriptor: number;

  /** Opens the file, creating it and its folder where they do not exist. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#descriptor = openSync(path, "a+", 0o600);
  }

  /**
   * The records so far, in order. A last line without its newline was torn by a crash: it never became visible to a
   * client, so it is cut off.
   *
   * @throws Error when any other line is not a ledger record
   */
  *replay(): Generator<LedgerRecord> {
    const block = Buffer.alloc(READ_BYTES);
    let position = 0;
    let lineNumber = 0;
    let rest = Buffer.alloc(0);
    for (let read = readSync(this.#descriptor, block, 0, READ_BYTES, position); read > 0;) {
      position += read;
      let text = Buffer.concat([rest, block.subarray(0, read)]);
      for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE)) {
        lineNumber += 1;
        yield this.#parse(text.toString("utf8", 0, end), lineNumber);
        text = text.subarray(end + 1);
      }
      rest = text;
      read = readSync(this.#descriptor, block, 0, READ_BYTES, position);
    }
    if (rest.length > 0) ftruncateSync(this.#descriptor, position - rest.length);
  }

  /** @throws Error when the record could not be written whole; a simulator that cannot keep its ledger has to stop */
  append(record: LedgerRecord): void {
    const line = `${JSON.stringify(record)}\n`;
    if (writeSync(this.#descriptor, line) < Buffer.byteLength(line))
      throw new Error(`${this.#path}: there is no room for more records.`);
  }

  close(): void {
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #parse(line: string, lineNumber: number): LedgerRecord {
    try {
      return recordSchema.parse(JSON.parse(line));
    } catch (cause) {
      throw new Error(
        `${this.#path}, line ${lineNumber}: not a ledger record. Move the file away to start a new ledger.`,
        { cause },
      );
    }
  }
}
