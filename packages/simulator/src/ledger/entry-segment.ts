import { NO_TOKENS, type TokenCounts } from "../answer/token-counts.ts";
import type { UnitCounts } from "../answer/unit-counts.ts";
import { type ClosedCall, type LedgerEntry, type OpenedCall, OUTCOMES } from "./ledger-entry.ts";

/** How many consecutive entries share one segment. */
export const SEGMENT_ENTRIES = 4_096;

const DIGEST_BYTES = 32;
const METERS = 4;

/** The names that many entries share; entries refer to them by number. */
export interface SharedNames {
  readonly provider: string;
  readonly model: string;
  readonly endpoint: string;
}

/**
 * A run of consecutive entries, stored by column: about 130 bytes an entry where objects would take 600, and nothing
 * for the garbage collector to walk through.
 */
export class EntrySegment {
  readonly #firstSequence: number;
  readonly #receivedAtMs = new Float64Array(SEGMENT_ENTRIES);
  readonly #names = new Uint32Array(SEGMENT_ENTRIES);
  readonly #attemptIds: (string | null)[] = [];
  readonly #digests = Buffer.alloc(SEGMENT_ENTRIES * DIGEST_BYTES);
  readonly #streams = new Uint8Array(SEGMENT_ENTRIES);
  readonly #statuses = new Uint16Array(SEGMENT_ENTRIES);
  readonly #outcomes = new Uint8Array(SEGMENT_ENTRIES);
  readonly #billed = new Uint8Array(SEGMENT_ENTRIES);
  readonly #tokens = new Uint32Array(SEGMENT_ENTRIES * METERS);

  /** By position; few calls have any. */
  readonly #units = new Map<number, UnitCounts>();

  constructor(firstSequence: number) {
    this.#firstSequence = firstSequence;
  }

  get firstSequence(): number {
    return this.#firstSequence;
  }

  get length(): number {
    return this.#attemptIds.length;
  }

  get isFull(): boolean {
    return this.length === SEGMENT_ENTRIES;
  }

  /** Adds the next entry of the run. */
  open(call: OpenedCall, nameNumber: number): void {
    const index = this.length;
    this.#receivedAtMs[index] = call.receivedAtMs;
    this.#names[index] = nameNumber;
    this.#attemptIds.push(call.attemptId);
    this.#digests.write(call.requestBodySha256, index * DIGEST_BYTES, "hex");
    this.#streams[index] = call.stream ? 1 : 0;
  }

  close(sequence: number, closed: ClosedCall): void {
    const index = sequence - this.#firstSequence;
    this.#statuses[index] = closed.status ?? 0;
    this.#outcomes[index] = OUTCOMES.indexOf(closed.outcome);
    this.#billed[index] = closed.billedTokens === null ? 0 : 1;
    const { input, cachedInput, output, reasoning } = closed.billedTokens ?? NO_TOKENS;
    this.#tokens.set([input, cachedInput, output, reasoning], index * METERS);
    if (closed.billedUnits !== undefined) this.#units.set(index, closed.billedUnits);
  }

  attemptId(sequence: number): string | null {
    return this.#attemptIds[sequence - this.#firstSequence] ?? null;
  }

  nameNumber(sequence: number): number {
    return this.#names[sequence - this.#firstSequence] ?? 0;
  }

  /** How a call ended; undefined while it is open. */
  closedCall(sequence: number): ClosedCall | undefined {
    const index = sequence - this.#firstSequence;
    const outcome = OUTCOMES[this.#outcomes[index] ?? 0];
    if (outcome === undefined || outcome === "open") return undefined;
    const billedTokens = this.#billed[index] === 1 ? this.#tokensAt(index * METERS) : null;
    const billedUnits = this.#units.get(index);
    const closed = { status: this.#statuses[index] || null, outcome, billedTokens };
    return billedUnits === undefined ? closed : { ...closed, billedUnits };
  }

  read(sequence: number, names: SharedNames): LedgerEntry {
    const index = sequence - this.#firstSequence;
    const closed = this.closedCall(sequence);
    const billedTokens = closed?.billedTokens ?? null;
    return {
      sequence,
      receivedAt: new Date(this.#receivedAtMs[index] ?? 0).toISOString(),
      ...names,
      attemptId: this.attemptId(sequence),
      requestBodySha256: this.#digests.toString("hex", index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES),
      stream: this.#streams[index] === 1,
      status: closed?.status ?? null,
      outcome: closed?.outcome ?? "open",
      billed: billedTokens !== null,
      tokens: billedTokens ?? NO_TOKENS,
      ...(closed?.billedUnits === undefined ? {} : { units: closed.billedUnits }),
    };
  }

  #tokensAt(start: number): TokenCounts {
    const [input = 0, cachedInput = 0, output = 0, reasoning = 0] = this.#tokens.subarray(start, start + METERS);
    return { input, cachedInput, output, reasoning };
  }
}
