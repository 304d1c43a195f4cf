/** One file of the journal: a header line, then one record a line. */
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";

export interface JournalSegment {
  readonly path: string;
  readonly bootId: string;
  readonly sequence: number;
  /** Everything before this position is whole lines that were written. */
  writtenBytes: number;
  /** Nothing will be added any more. */
  isSealed: boolean;
  /** Holds in this file whose attempts have not been closed: the file is needed to close them after a crash. */
  openHolds: number;
}

/** The first line of every segment; with it a journal tells by itself whose it is. */
export interface SegmentHeader {
  readonly type: "segment";
  readonly version: 1;
  readonly gatewayId: string;
  readonly bootId: string;
  /** The machine's boot, where the system tells: after another one, what was not synced may be missing. */
  readonly kernelBootId: string | null;
  readonly startedAtMs: number;
}

const namePattern = /^\d{13}\.([0-9a-f-]{36})\.(\d{8})\.ndjson$/;

/** Names sort by start of the process, then by sequence. */
export function segmentName({ startedAtMs, bootId }: GatewayProcessIdentity, sequence: number): string {
  return `${String(startedAtMs).padStart(13, "0")}.${bootId}.${String(sequence).padStart(8, "0")}.ndjson`;
}

/** Null for a file that is no segment. */
export function parseSegmentName(name: string): { readonly bootId: string; readonly sequence: number } | null {
  const match = namePattern.exec(name);
  if (!match) return null;
  const [, bootId = "", sequence = ""] = match;
  return { bootId, sequence: Number(sequence) };
}

export function segmentHeader(identity: GatewayProcessIdentity, kernelBootId: string | null): SegmentHeader {
  const { gatewayId, bootId, startedAtMs } = identity;
  return { type: "segment", version: 1, gatewayId, bootId, kernelBootId, startedAtMs };
}
