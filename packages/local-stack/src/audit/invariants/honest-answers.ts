import type { Finding, Histories } from "./histories.ts";

/** A client is never told that its key, its money or its pace is at fault when it is not. */
export function honestAnswers({ calls, accounts, entries }: Histories): Finding {
  const unpriced = new Set(accounts.filter(({ name }) => name === "unpriced").map(({ model }) => model));
  const dispatched = entries.filter(({ model }) => unpriced.has(model));
  const statuses = new Map<number, number>();
  const broken: string[] = [];
  for (const { account, status, errorCode, requestId, isWhole } of calls) {
    if (status === null) continue;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const isRefusal =
      status === 401 || status === 402 || (status === 429 && !(account === "tight" && errorCode === "budget_exceeded"));
    if (isWhole && (isRefusal || status === 500))
      broken.push(`request ${requestId} of ${account} was answered ${status} ${errorCode}`);
  }
  for (const { attemptId } of dispatched) broken.push(`attempt ${attemptId} of a model without a price was sent`);
  const figures = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  return {
    number: 7,
    claim: "trouble of ours is never told as 401, 402, 429 or 500, and nothing unpriced is sent",
    figures: figures.join(", "),
    broken,
  };
}
