import { isRepeated } from "../client-history.ts";
import type { Finding, Histories } from "./histories.ts";
import { sum } from "./provider-bill.ts";

/** One hold and one close for every attempt, and one row for every request, which adds up to its attempts. */
export function closedOnce({ attempts, requests, calls, gatewayKills }: Histories): Finding {
  const ofRequest = Map.groupBy(attempts, ({ requestId }) => requestId);
  const rows = new Map(requests.map((request) => [request.requestId, request]));
  const answered = calls.filter(({ status, isWhole, requestId }) => status === 200 && isWhole && requestId !== null);
  const lost = answered.filter((call) => !isRepeated(call) && !rows.has(call.requestId ?? ""));
  // Between its last byte and its row a call can be overtaken by a kill: what it cost is in the ledger all the same.
  const cutShort = answered.filter(({ requestId }) => (rows.get(requestId ?? "")?.status ?? 200) !== 200);
  const unseen = answered.filter((call) => isRepeated(call) && !rows.has(call.requestId ?? ""));
  const doubled = attempts.filter(({ holds, closings }) => holds > 1 || closings > 1);
  const open = attempts.filter(({ holds, closings }) => holds === 0 || closings === 0);
  const missing = [...ofRequest.keys()].filter((requestId) => !rows.has(requestId));
  const unequal = requests.filter(({ requestId, attempts: count, costPicoUsd, cache }) => {
    const own = ofRequest.get(requestId) ?? [];
    const cost = sum(
      own.map(({ settledPicoUsd, overrunPicoUsd, feePicoUsd }) => settledPicoUsd + overrunPicoUsd + feePicoUsd),
    );
    return own.length !== count || cost !== costPicoUsd || (cache === "hit" && count !== 0);
  });
  return {
    number: 1,
    claim: "every attempt has one hold and one close, every request one row and the cost of its attempts",
    figures: `${attempts.length} attempts, ${requests.length} requests; ${lost.length} answers lost (${cutShort.length} ended with their process, ${unseen.length} repeated answers unrecorded), ${doubled.length} attempts doubled, ${open.length} open`,
    broken: [
      ...lost.map(({ requestId }) => `request ${requestId} was answered and has no row`),
      ...(unseen.length > gatewayKills
        ? unseen.map(({ requestId }) => `request ${requestId} was given an answer once more and has no row`)
        : []),
      ...doubled.map(({ attemptId }) => `attempt ${attemptId} has two holds or two closes`),
      ...open.map(({ attemptId }) => `attempt ${attemptId} lacks its hold or its close`),
      ...missing.map((requestId) => `request ${requestId} has attempts and no row`),
      ...unequal.map(({ requestId }) => `request ${requestId} does not add up to its attempts`),
    ],
  };
}
