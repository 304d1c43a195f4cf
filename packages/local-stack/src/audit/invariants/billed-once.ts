import type { Finding, Histories } from "./histories.ts";

/** However often a client sends the same call under one idempotency key, one request at most has cost something. */
export function billedOnce({ calls, attempts }: Histories): Finding {
  const costly = new Set(
    attempts.filter(({ isSettled, settledPicoUsd }) => isSettled && settledPicoUsd > 0n).map((own) => own.requestId),
  );
  const keyed = Map.groupBy(
    calls.filter(({ idempotencyKey }) => idempotencyKey !== null),
    ({ account, idempotencyKey }) => `${account} ${idempotencyKey}`,
  );
  const billed = [...keyed.values()].map((own) => {
    const requestIds = new Set(own.flatMap(({ requestId }) => (requestId === null ? [] : [requestId])));
    return requestIds.intersection(costly);
  });
  const repeated = calls.filter(({ replayOf }) => replayOf !== null);
  const again = billed.filter(({ size }) => size > 1);
  return {
    number: 9,
    claim: "a call that is sent again under its idempotency key is billed once",
    figures: `${keyed.size} keys, ${repeated.length} answers given once more, ${again.length} keys billed again`,
    broken: again.map((requestIds) => `requests ${[...requestIds].join(" and ")} of one idempotency key were billed`),
  };
}
