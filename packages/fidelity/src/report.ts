/** From best to worst. `unobserved` says that nobody could look, which is neither. */
export type FidelityVerdict = "identical" | "equivalent" | "different";

export interface Difference {
  /** JSON pointer into the body; of a stream, into the list of its events. Or `status`, `header NAME`, `path`. */
  readonly pointer: string;
  /** What came by way of the gateway, as JSON; null where nothing is there. */
  readonly ours: string | null;
  /** What came without it. */
  readonly theirs: string | null;
  /** Why this is as it should be; null for a difference that nobody has accounted for. */
  readonly reason: string | null;
}

export interface Finding {
  readonly verdict: FidelityVerdict | "unobserved";
  readonly differences: readonly Difference[];
}

export interface CaseReport {
  readonly name: string;
  readonly title: string;
  /** The gateway's request against the direct one, as the provider received them. */
  readonly request: Finding;
  /** What the client got from the gateway, against what the provider gave the gateway in that call. */
  readonly passage: Finding;
  /** What the client got from the gateway, against the direct answer: status, shape, and the words that have a meaning. */
  readonly answer: Finding;
  readonly verdict: FidelityVerdict;
}

export interface FidelityReport {
  /** Names of protocols, with commas between them. */
  readonly protocol: string;
  readonly model: string;
  readonly cases: readonly CaseReport[];
  readonly verdict: FidelityVerdict;
}

const order: readonly FidelityVerdict[] = ["identical", "equivalent", "different"];

/** The worst of these; `unobserved` says nothing, and nothing at all is `identical`. */
export function worstVerdict(verdicts: readonly Finding["verdict"][]): FidelityVerdict {
  let worst = 0;
  for (const verdict of verdicts) if (verdict !== "unobserved") worst = Math.max(worst, order.indexOf(verdict));
  return order[worst] ?? "different";
}

export const unobserved: Finding = { verdict: "unobserved", differences: [] };

/** The finding that these differences amount to, where the bytes were not the same. */
export function findingOf(differences: readonly Difference[]): Finding {
  const isExplained = differences.every(({ reason }) => reason !== null);
  return { verdict: isExplained ? "equivalent" : "different", differences };
}
