/** Why a plan names nobody, in one word for all targets together, and from when on it may name somebody. */
import type { Refusal } from "./filter-target.ts";

/**
 * `resting`: a target that would do failed lately, or asked to be left alone. `full`: those that would do have no room.
 * `drained`: an admin keeps calls off those that would do. `too_dear`: those that would do cost too much, and only a
 * higher ceiling helps. `unpriced`: the same, where no price is known. `unfit`: no target would do.
 */
export type Lack = "resting" | "full" | "drained" | "too_dear" | "unpriced" | "unfit";

export interface Nobody {
  readonly lack: Lack;
  /** Until the first target that would do may be called again; null where no time is known. */
  readonly returnsInMs: number | null;
}

/** What the refusal of one target says of it. Codes that are not here: it would not do. */
export const lackOfCode: ReadonlyMap<string, Lack> = new Map([
  ["retry_after", "resting"],
  ["circuit_open", "resting"],
  ["too_slow", "resting"],
  ["outlier_ejected", "resting"],
  ["provider_limit", "full"],
  ["connection_drained", "drained"],
  ["above_price_ceiling", "too_dear"],
  ["price_unknown", "unpriced"],
]);

/**
 * Of several, the first here. Prices are looked at before health, so a target that rests, is full or is drained would
 * have been cheap enough: waiting helps, and the caller's ceiling is not to blame. Trouble goes before a limit, because
 * a limit tells clients that they ask too much.
 */
const inOrder: readonly Lack[] = ["resting", "full", "drained", "too_dear", "unpriced", "unfit"];

/** `refusals`: one of each target that was passed over. */
export function whyNobody(refusals: readonly Pick<Refusal, "code" | "returnsInMs">[]): Nobody {
  const lacks = new Set(refusals.map(({ code }) => lackOfCode.get(code) ?? "unfit"));
  const lack = inOrder.find((each) => lacks.has(each)) ?? "unfit";
  const waits = refusals.flatMap(({ returnsInMs }) => returnsInMs ?? []);
  return { lack, returnsInMs: waits.length === 0 ? null : Math.min(...waits) };
}
