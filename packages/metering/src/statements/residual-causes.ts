/** Why our figures and a provider's differ for one day and model: causes that the ledger or the statement names. */
import { parsePicoUsd, picoUsd, type PicoUsd } from "../pico-usd.ts";

export interface ReconciledFigures {
  /** Null where the ledger has nothing for this day and model. */
  readonly ours: {
    readonly costPicoUsd: PicoUsd;
    readonly tokens: bigint;
    readonly requests: bigint;
    /** The part that was settled at an estimate or a hold and not corrected since. */
    readonly uncertainPicoUsd: PicoUsd;
    /** Attempts that used something and had no price. */
    readonly unpricedAttempts: bigint;
  } | null;
  /** Null where the statement has nothing; amounts and quantities that it does not tell are null. */
  readonly theirs: {
    readonly costPicoUsd: PicoUsd | null;
    readonly tokens: bigint | null;
    readonly requests: bigint | null;
  } | null;
  /** Theirs less ours on the day before and the day after, where both are known. */
  readonly neighbouringPicoUsd: readonly PicoUsd[];
}

export const residualCauses = [
  "none",
  "rounding",
  "no_statement",
  "not_through_gateway",
  "not_on_statement",
  "unpriced",
  "uncertain",
  "day_boundary",
  "price_differs",
  "usage_differs",
  "unexplained",
] as const;

export type ResidualCause = (typeof residualCauses)[number];

/** Statements are rounded to cents at best. */
const roundingPicoUsd = 10n ** 10n;

/** The first cause that explains the residual, in the order in which they are certain; `hasStatement`: for that day. */
export function causeOfResidual(
  { ours, theirs, neighbouringPicoUsd }: ReconciledFigures,
  hasStatement: boolean,
): ResidualCause {
  if (!hasStatement) return "no_statement";
  if (theirs === null) return ours === null || ours.costPicoUsd === 0n ? "none" : "not_on_statement";
  if (ours === null) return theirs.costPicoUsd === 0n ? "none" : "not_through_gateway";
  const isSameUse = theirs.tokens === null ? null : theirs.tokens === ours.tokens;
  if (theirs.costPicoUsd === null) return isSameUse === false ? "usage_differs" : "none";
  const residual = theirs.costPicoUsd - ours.costPicoUsd;
  if (residual === 0n) return "none";
  if (absolute(residual) < roundingPicoUsd) return "rounding";
  if (residual > 0n && ours.unpricedAttempts > 0n) return "unpriced";
  if (ours.uncertainPicoUsd > 0n && absolute(residual) <= ours.uncertainPicoUsd) return "uncertain";
  if (neighbouringPicoUsd.some((other) => absolute(residual + other) < roundingPicoUsd)) return "day_boundary";
  if (isSameUse === true) return "price_differs";
  return isSameUse === false ? "usage_differs" : "unexplained";
}

/** Theirs less ours; null where the statement tells no cost. */
export function residualOf({ ours, theirs }: Omit<ReconciledFigures, "neighbouringPicoUsd">): PicoUsd | null {
  if (theirs !== null && theirs.costPicoUsd === null) return null;
  return picoUsd((theirs?.costPicoUsd ?? parsePicoUsd("0")) - (ours?.costPicoUsd ?? parsePicoUsd("0")));
}

/**
 * Whether a statement's spelling of a model means one of ours: the same, or the same with a date of release behind it
 * ("gpt-4o-mini-2024-07-18", "claude-sonnet-4-5-20250929").
 */
export function isSameModel(theirSpelling: string, providerModel: string): boolean {
  if (theirSpelling === providerModel) return true;
  const [longer, shorter] =
    theirSpelling.length > providerModel.length ? [theirSpelling, providerModel] : [providerModel, theirSpelling];
  return longer.startsWith(shorter) && /^[-@]\d{4}-?\d{2}-?\d{2}$/.test(longer.slice(shorter.length));
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
