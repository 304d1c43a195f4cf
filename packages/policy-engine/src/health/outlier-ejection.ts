/**
 * Leaves a target out for a while that does markedly worse than its peers: what a circuit, which looks at one target by itself,
 * takes for bearable. After Envoy's outlier detection: looked at in intervals, growing times, never more than a share of a group.
 */
import { z } from "zod";
import { type AnswerTally, emptyTally, tallyBetween, typicalMs } from "./answer-tally.ts";

export const outlierEjectionSchema = z.strictObject({
  /** A share of failed calls so many percentage points above the median of the peers' is too much; null: errors do not count. */
  errorPointsAbovePeers: z.int().min(5).max(95).nullable(),
  /** Typically taking so many times as long as the median of the peers is too slow; null: times do not count. */
  timesSlowerThanPeers: z.int().min(2).max(100).nullable(),
  /** Of the members of one group at most; rounded down, and never all of them. */
  mostPercent: z.int().min(1).max(90),
  /** The first time; twice as long each time that it happens again soon. */
  forSeconds: z.int().min(1).max(600),
});

export type OutlierEjection = z.infer<typeof outlierEjectionSchema>;

/** A target that is left out. */
export interface Ejection {
  readonly untilMs: number;
  /** A clause about the target: "30 % of its last 24 calls failed, and 2 % of its peers'". */
  readonly why: string;
}

/** What is remembered of one member between two looks. Made here, kept by the shell. */
export interface MemberRecord {
  /** What had been seen when it was last judged. */
  readonly judged: AnswerTally;
  /** How often it was ejected of late. */
  readonly times: number;
  readonly ejection: Ejection | null;
  /** Since when it has been in use again, or at all. */
  readonly inUseSinceMs: number;
}

export interface PeerGroup {
  readonly rule: OutlierEjection;
  /** By target id, in the order of the route: what each has been seen to do so far. */
  readonly members: ReadonlyMap<string, AnswerTally>;
  readonly records: ReadonlyMap<string, MemberRecord>;
  readonly nowMs: number;
}

/** Below so many calls between two looks nothing is said of a target; they go on counting until there are as many. */
export const fewestCallsToJudge = 20;
const fewestAnswersToTime = 10;
const longestMs = 300_000;

interface Seen {
  readonly id: string;
  readonly tally: AnswerTally;
}

/**
 * Judges a group's members by each other and gives the records that follow. At most `mostPercent` of the members are out at one
 * time, and at least one is not. A member comes back when its time is over, and is judged by what it does from then on.
 */
export function judgeOutliers({ rule, members, records, nowMs }: PeerGroup): Map<string, MemberRecord> {
  const next = new Map<string, MemberRecord>();
  for (const [id, seen] of members) next.set(id, returned(records.get(id), seen, nowMs));
  const inUse = [...members].flatMap(([id, seen]): Seen[] => {
    const record = next.get(id);
    if (record === undefined || record.ejection !== null) return [];
    const tally = tallyBetween(seen, record.judged);
    return tally.ended < fewestCallsToJudge ? [] : [{ id, tally }];
  });
  const most = Math.min(Math.floor((members.size * rule.mostPercent) / 100), members.size - 1);
  let room = most - (members.size - [...next.values()].filter(({ ejection }) => ejection === null).length);
  const outliers = inUse
    .flatMap((seen) => findOutlier(seen, peersOf(seen, inUse), rule))
    .toSorted((left, right) => right.badness - left.badness);
  // Everybody who was judged is judged by newer calls next time.
  for (const { id } of inUse) update(next, id, { judged: members.get(id) ?? emptyTally });
  for (const { id, why } of outliers) {
    if (room <= 0) break;
    room -= 1;
    const times = (next.get(id)?.times ?? 0) + 1;
    const forMs = Math.min(rule.forSeconds * 1_000 * 2 ** (times - 1), longestMs);
    update(next, id, { times, ejection: { untilMs: nowMs + forMs, why } });
  }
  return next;
}

/** The record of a member as it now stands: back in use where its time is over, and forgiven after as long in good order. */
function returned(record: MemberRecord | undefined, seen: AnswerTally, nowMs: number): MemberRecord {
  if (record === undefined) return { judged: seen, times: 0, ejection: null, inUseSinceMs: nowMs };
  if (record.ejection !== null) {
    if (record.ejection.untilMs > nowMs) return record;
    return { ...record, judged: seen, ejection: null, inUseSinceMs: nowMs };
  }
  const isForgiven = record.times > 0 && nowMs - record.inUseSinceMs >= longestMs;
  return isForgiven ? { ...record, times: 0 } : record;
}

function update(records: Map<string, MemberRecord>, id: string, fields: Partial<MemberRecord>): void {
  const record = records.get(id);
  if (record !== undefined) records.set(id, { ...record, ...fields });
}

function peersOf({ id }: Seen, inUse: readonly Seen[]): AnswerTally[] {
  return inUse.filter((other) => other.id !== id).map(({ tally }) => tally);
}

interface Outlier {
  readonly id: string;
  /** How many times as bad as the rule bears. */
  readonly badness: number;
  readonly why: string;
}

function findOutlier({ id, tally }: Seen, peers: readonly AnswerTally[], rule: OutlierEjection): Outlier[] {
  if (peers.length === 0) return [];
  const { errorPointsAbovePeers, timesSlowerThanPeers } = rule;
  const share = failedPercent(tally);
  const ofPeers = median(peers.map(failedPercent));
  if (errorPointsAbovePeers !== null && share - ofPeers >= errorPointsAbovePeers) {
    const why = `${Math.round(share)} % of its last ${tally.ended} calls failed, and ${Math.round(ofPeers)} % of its peers'`;
    return [{ id, badness: (share - ofPeers) / errorPointsAbovePeers, why }];
  }
  if (timesSlowerThanPeers === null) return [];
  for (const kind of ["firstTokens", "wholeAnswers"] as const) {
    const ms = typicalMs(tally[kind], fewestAnswersToTime);
    const times = peers.flatMap((peer) => typicalMs(peer[kind], fewestAnswersToTime) ?? []);
    if (ms === null || times.length === 0) continue;
    const usualMs = median(times);
    if (ms < usualMs * timesSlowerThanPeers) continue;
    const what = kind === "firstTokens" ? "its first tokens" : "its answers";
    const why = `${what} typically take ${Math.round(ms)} ms, and its peers' ${Math.round(usualMs)} ms`;
    return [{ id, badness: ms / (usualMs * timesSlowerThanPeers), why }];
  }
  return [];
}

function failedPercent({ ended, failed }: AnswerTally): number {
  return ended === 0 ? 0 : (100 * failed) / ended;
}

/** Of at least one number. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
