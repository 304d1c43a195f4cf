import { EntrySegment, SEGMENT_ENTRIES, type SharedNames } from "./entry-segment.ts";
import type { ClosedCall, LedgerEntry, OpenedCall } from "./ledger-entry.ts";
import type { LedgerFile, LedgerRecord } from "./ledger-file.ts";
import { type LedgerTotals, TotalsCounter } from "./ledger-totals.ts";

const DEFAULT_MOST_ENTRIES = 1_000_000;

/** A call that has begun; `Ledger.close` ends it. */
export interface OpenEntry {
  readonly sequence: number;
  readonly nameNumber: number;
  isOpen: boolean;
}

export interface LedgerFilter {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly attemptId?: string | undefined;
  /** Only entries with a higher sequence number. */
  readonly since?: number | undefined;
}

interface Name extends SharedNames {
  readonly totals: TotalsCounter;
}

interface Match {
  readonly segment: EntrySegment;
  readonly sequence: number;
  readonly name: Name;
}

/**
 * What the simulated providers did and what they bill for it. Every accepted call has one entry, opened before its
 * response begins and closed exactly once. Totals cover all calls since the last `clear`; of the entries themselves the
 * newest `mostEntries` are kept (rounded up to a segment).
 */
export class Ledger {
  readonly #file: LedgerFile | undefined;
  readonly #mostSegments: number;
  readonly #names: Name[] = [];
  readonly #nameNumbers = new Map<string, number>();
  readonly #open = new Map<number, OpenEntry>();
  #segments: EntrySegment[] = [];
  #lastSequence = 0;
  #clearedSequence = 0;
  #evictedEntries = 0;

  /** Continues the ledger in `file`, if one is given; calls that were open when its writer stopped become `interrupted`. */
  constructor(options: { readonly file?: LedgerFile | undefined; readonly mostEntries?: number | undefined } = {}) {
    this.#mostSegments = Math.ceil((options.mostEntries ?? DEFAULT_MOST_ENTRIES) / SEGMENT_ENTRIES) + 1;
    for (const record of options.file?.replay() ?? []) this.#apply(record);
    this.#file = options.file;
    for (const entry of this.#open.values())
      this.close(entry, { status: null, outcome: "interrupted", billedTokens: null });
  }

  /** Entries that were dropped to bound memory; the totals still contain them. */
  get evictedEntries(): number {
    return this.#evictedEntries;
  }

  get openCalls(): number {
    return this.#open.size;
  }

  /** Records an accepted call. When this returns, the record is in the file. */
  open(call: OpenedCall): OpenEntry {
    const sequence = this.#lastSequence + 1;
    this.#file?.append({ event: "open", sequence, ...call });
    return this.#openAs(sequence, call);
  }

  /**
   * Records how a call ended. Closing an entry that was cleared meanwhile does nothing.
   *
   * @throws Error when the entry is closed already
   */
  close(entry: OpenEntry, closed: ClosedCall): void {
    if (!entry.isOpen) throw new Error(`Ledger entry ${entry.sequence} is closed already.`);
    entry.isOpen = false;
    if (entry.sequence <= this.#clearedSequence) return;
    this.#file?.append({ event: "close", sequence: entry.sequence, ...closed });
    this.#open.delete(entry.sequence);
    this.#names[entry.nameNumber]?.totals.countClosed(closed);
    this.#segmentOf(entry.sequence)?.close(entry.sequence, closed);
  }

  /** Forgets all entries and totals. Sequence numbers go on, and calls still open will not be counted. */
  clear(): void {
    this.#file?.append({ event: "clear", lastSequence: this.#lastSequence });
    this.#forgetUpTo(this.#lastSequence);
  }

  /** The oldest `limit` entries that match. */
  entries(filter: LedgerFilter, limit: number): LedgerEntry[] {
    const read = ({ segment, sequence, name: { provider, model, endpoint } }: Match): LedgerEntry =>
      segment.read(sequence, { provider, model, endpoint });
    return this.#matching(filter).take(limit).map(read).toArray();
  }

  /** Sums over the matching calls; exact for ever, except that evicted entries cannot match by attempt or sequence. */
  totals(filter: LedgerFilter): LedgerTotals {
    const totals = new TotalsCounter();
    if (filter.attemptId === undefined && !filter.since) {
      for (const name of this.#names) if (isNameMatch(name, filter)) totals.add(name.totals.read());
    } else {
      for (const { segment, sequence } of this.#matching(filter)) {
        totals.countOpened();
        const closed = segment.closedCall(sequence);
        if (closed !== undefined) totals.countClosed(closed);
      }
    }
    return totals.read();
  }

  *#matching(filter: LedgerFilter): Generator<Match> {
    const since = filter.since ?? 0;
    for (const segment of this.#segments) {
      const end = segment.firstSequence + segment.length;
      for (let sequence = Math.max(segment.firstSequence, since + 1); sequence < end; sequence += 1) {
        if (filter.attemptId !== undefined && segment.attemptId(sequence) !== filter.attemptId) continue;
        const name = this.#names[segment.nameNumber(sequence)];
        if (name === undefined || !isNameMatch(name, filter)) continue;
        yield { segment, sequence, name };
      }
    }
  }

  #openAs(sequence: number, call: OpenedCall): OpenEntry {
    const nameNumber = this.#nameNumber(call);
    const entry: OpenEntry = { sequence, nameNumber, isOpen: true };
    this.#lastSequence = sequence;
    this.#open.set(sequence, entry);
    this.#names[nameNumber]?.totals.countOpened();
    this.#segmentForNext(sequence).open(call, nameNumber);
    return entry;
  }

  #segmentForNext(sequence: number): EntrySegment {
    const last = this.#segments.at(-1);
    if (last !== undefined && !last.isFull) return last;
    const segment = new EntrySegment(sequence);
    this.#segments.push(segment);
    if (this.#segments.length > this.#mostSegments) this.#evictedEntries += this.#segments.shift()?.length ?? 0;
    return segment;
  }

  #segmentOf(sequence: number): EntrySegment | undefined {
    const first = this.#segments[0]?.firstSequence ?? 0;
    return this.#segments[Math.floor((sequence - first) / SEGMENT_ENTRIES)];
  }

  #nameNumber({ provider, model, endpoint }: SharedNames): number {
    // The length tells where the provider ends, whatever characters the names have.
    const key = `${endpoint} ${provider.length} ${provider}${model}`;
    const known = this.#nameNumbers.get(key);
    if (known !== undefined) return known;
    const nameNumber = this.#names.push({ provider, model, endpoint, totals: new TotalsCounter() }) - 1;
    this.#nameNumbers.set(key, nameNumber);
    return nameNumber;
  }

  #forgetUpTo(sequence: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
    this.#clearedSequence = sequence;
    this.#evictedEntries = 0;
    this.#segments = [];
    this.#names.length = 0;
    this.#nameNumbers.clear();
    this.#open.clear();
  }

  #apply(record: LedgerRecord): void {
    switch (record.event) {
      case "open": {
        if (record.sequence !== this.#lastSequence + 1)
          throw new Error(`Ledger entry ${record.sequence} is out of order.`);
        this.#openAs(record.sequence, record);
        return;
      }
      case "close": {
        const entry = this.#open.get(record.sequence);
        if (entry !== undefined) this.close(entry, record);
        return;
      }
      case "clear":
        this.#forgetUpTo(record.lastSequence);
    }
  }
}

function isNameMatch(name: SharedNames, filter: LedgerFilter): boolean {
  return (filter.provider ?? name.provider) === name.provider && (filter.model ?? name.model) === name.model;
}
