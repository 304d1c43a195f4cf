import { splitByTokens } from "../../text/count-tokens.ts";

/** How many of the most probable tokens a request wants to see in each place, none with 0; undefined without logprobs. */
export type WantedLogprobs = number | undefined;

/** What a text's tokens were chosen from. The chosen one is always the most probable; the others have made-up names. */
export function encodeLogprobs(text: string, wanted: WantedLogprobs): object {
  if (wanted === undefined) return {};
  const chosen = [...splitByTokens(text, 1)].map((piece, place) => ({
    token: piece.text,
    tokenId: place,
    logProbability: -((place % 5) + 1) / 8,
  }));
  if (chosen.length === 0) return {};
  const total = chosen.reduce((sum, { logProbability }) => sum + logProbability, 0);
  const topCandidates = chosen.map((best) => ({
    candidates: Array.from({ length: wanted }, (_, rank) =>
      rank === 0 ? best : { token: `${best.token}~${rank}`, tokenId: rank, logProbability: best.logProbability - rank },
    ),
  }));
  return {
    avgLogprobs: total / chosen.length,
    logprobsResult: { chosenCandidates: chosen, ...(wanted === 0 ? {} : { topCandidates }) },
  };
}
