/**
 * The accounting invariants (DESIGN section 5) over three histories: what clients saw, what the provider billed, what the
 * ledger says. Pure, and written against the histories alone, so that a mistake of the product cannot hide in it.
 */
import { createHash } from "node:crypto";
import type { Account } from "./accounts.ts";
import type { ClientCall } from "./client-history.ts";
import type { BudgetWindow, LedgerAttempt, LedgerRequest } from "./ledger-history.ts";
import type { PrefixQuestion, SentPrefix, SimulatorEntry } from "./simulator-api.ts";

export interface Histories {
  readonly accounts: readonly Account[];
  readonly calls: readonly ClientCall[];
  readonly entries: readonly SimulatorEntry[];
  /** Before corrections. */
  readonly attempts: readonly LedgerAttempt[];
  readonly requests: readonly LedgerRequest[];
  /** After corrections. */
  readonly corrected: readonly LedgerAttempt[];
  readonly budgets: readonly BudgetWindow[];
  readonly budgetLooks: number;
  /** How often processes were killed. */
  readonly gatewayKills: number;
  readonly prefixesOf: (questions: readonly PrefixQuestion[]) => Promise<(SentPrefix | null)[]>;
}

export interface Finding {
  readonly number: number;
  readonly claim: string;
  readonly figures: string;
  /** Counterexamples; none where the invariant holds. */
  readonly broken: readonly string[];
}

const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, amount) => total + amount, 0n);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Settled by something else than the provider's own count: a correction from the provider's record is due. */
export function isUncertain({ usageSource }: LedgerAttempt): boolean {
  return usageSource === "upper_bound" || usageSource === "estimate";
}

/** What the provider billed for each attempt, by the audit's own prices. */
export function billedByAttempt(accounts: readonly Account[], entries: readonly SimulatorEntry[]): Map<string, bigint> {
  const accountOf = new Map(accounts.map((account) => [account.model, account]));
  const billed = new Map<string, bigint>();
  for (const entry of entries) {
    const price = entry.billed ? (accountOf.get(entry.model)?.priceOf(entry) ?? 0n) : 0n;
    const id = entry.attemptId ?? "none";
    billed.set(id, (billed.get(id) ?? 0n) + price);
  }
  return billed;
}

export async function checkInvariants(histories: Histories): Promise<Finding[]> {
  return [
    closedOnce(histories),
    heldFirst(histories),
    conserved(histories),
    withinBudget(histories),
    notMinted(histories),
    await prefixes(histories),
    honestAnswers(histories),
  ];
}

function closedOnce({ attempts, requests, calls, gatewayKills }: Histories): Finding {
  const ofRequest = Map.groupBy(attempts, ({ requestId }) => requestId);
  const rows = new Map(requests.map((request) => [request.requestId, request]));
  const answered = calls.filter(({ status, isWhole, requestId }) => status === 200 && isWhole && requestId !== null);
  const lost = answered.filter(({ requestId, isFromCache }) => !isFromCache && !rows.has(requestId ?? ""));
  // Between its last byte and its row a call can be overtaken by a kill: what it cost is in the ledger all the same.
  const cutShort = answered.filter(({ requestId }) => (rows.get(requestId ?? "")?.status ?? 200) !== 200);
  const unseenHits = answered.filter(({ requestId, isFromCache }) => isFromCache && !rows.has(requestId ?? ""));
  const doubled = attempts.filter(({ holds, closings }) => holds > 1 || closings > 1);
  const open = attempts.filter(({ holds, closings }) => holds === 0 || closings === 0);
  const missing = [...ofRequest.keys()].filter((requestId) => !rows.has(requestId));
  const unequal = requests.filter(({ requestId, attempts: count, costPicoUsd, cache }) => {
    const own = ofRequest.get(requestId) ?? [];
    const cost = sum(own.map(({ settledPicoUsd, overrunPicoUsd }) => settledPicoUsd + overrunPicoUsd));
    return own.length !== count || cost !== costPicoUsd || (cache === "hit" && count !== 0);
  });
  return {
    number: 1,
    claim: "every attempt has one hold and one close, every request one row and the cost of its attempts",
    figures: `${attempts.length} attempts, ${requests.length} requests; ${lost.length} answers lost (${cutShort.length} ended with their process, ${unseenHits.length} cache hits unrecorded), ${doubled.length} attempts doubled, ${open.length} open`,
    broken: [
      ...lost.map(({ requestId }) => `request ${requestId} was answered and has no row`),
      ...(unseenHits.length > gatewayKills
        ? unseenHits.map(({ requestId }) => `request ${requestId} was answered from the cache and has no row`)
        : []),
      ...doubled.map(({ attemptId }) => `attempt ${attemptId} has two holds or two closes`),
      ...open.map(({ attemptId }) => `attempt ${attemptId} lacks its hold or its close`),
      ...missing.map((requestId) => `request ${requestId} has attempts and no row`),
      ...unequal.map(({ requestId }) => `request ${requestId} does not add up to its attempts`),
    ],
  };
}

function heldFirst({ attempts, entries }: Histories): Finding {
  const held = new Set(attempts.filter(({ holds }) => holds > 0).map(({ attemptId }) => attemptId));
  const dark = entries.filter(({ attemptId }) => attemptId === null || !held.has(attemptId));
  return {
    number: 2,
    claim: "no provider call without a durable hold",
    figures: `${entries.length} provider calls, ${dark.length} without a hold`,
    broken: dark.map(
      ({ attemptId, outcome }) => `the provider had attempt ${attemptId} (${outcome}), the ledger has not`,
    ),
  };
}

function conserved({ accounts, entries, attempts, corrected }: Histories): Finding {
  const billed = billedByAttempt(accounts, entries);
  const spend = (attempt: LedgerAttempt): bigint =>
    attempt.settledPicoUsd + attempt.overrunPicoUsd + attempt.correctedPicoUsd;
  const uncertain = attempts.filter(isUncertain);
  const wrong = attempts.filter(
    (attempt) => !isUncertain(attempt) && spend(attempt) !== (billed.get(attempt.attemptId) ?? 0n),
  );
  const difference = sum(corrected.map(spend)) - sum(billed.values());
  const unequal = corrected.filter((attempt) => spend(attempt) !== (billed.get(attempt.attemptId) ?? 0n));
  return {
    number: 3,
    claim: "the ledger is what providers billed, exactly, after correction",
    figures: `${sum(billed.values())} pico-USD billed, difference ${difference}; ${uncertain.length} attempts corrected, ${wrong.length} wrong without saying so`,
    broken: [
      ...wrong.map(
        (attempt) =>
          `attempt ${attempt.attemptId} (${attempt.usageSource}) was booked at ${spend(attempt)}, billed ${billed.get(attempt.attemptId) ?? 0n}`,
      ),
      ...unequal.map(
        (attempt) =>
          `attempt ${attempt.attemptId} stays at ${spend(attempt)}, billed ${billed.get(attempt.attemptId) ?? 0n}`,
      ),
      ...(difference === 0n ? [] : [`the sums differ by ${difference}`]),
    ],
  };
}

function withinBudget({ accounts, entries, budgets, budgetLooks }: Histories): Finding {
  const billed = accounts.map((account) => ({
    account,
    amount: sum(entries.filter((entry) => entry.model === account.model && entry.billed).map(account.priceOf)),
  }));
  const over = billed.map(({ account, amount }) => larger(0n, amount - account.limitPicoUsd));
  const committed = budgets.filter(
    (window) => window.countedPicoUsd > window.limitPicoUsd || window.overrunPicoUsd > 0n,
  );
  const tight = billed.find(({ account }) => account.name === "tight");
  const used = tight === undefined ? 0 : Number((tight.amount * 1_000n) / tight.account.limitPicoUsd) / 10;
  return {
    number: 4,
    claim: "settled + held + leased never passes a hard limit",
    figures: `overspend ${sum(over)} pico-USD in ${budgetLooks} looks at ${budgets.length} budgets; the tight one used to ${used} %`,
    broken: [
      ...billed
        .filter((_, index) => over[index] !== 0n)
        .map(({ account, amount }) => `${account.name} was billed ${amount} of ${account.limitPicoUsd}`),
      ...committed.map(
        (window) =>
          `a budget of ${window.limitPicoUsd} counted ${window.countedPicoUsd} and ${window.overrunPicoUsd} beyond its holds`,
      ),
    ],
  };
}

function notMinted({ accounts, entries, attempts }: Histories): Finding {
  const billed = billedByAttempt(accounts, entries);
  const negative = attempts.filter(({ leastPicoUsd }) => leastPicoUsd < 0n);
  const above = attempts.filter(
    ({ settledPicoUsd, overrunPicoUsd, heldPicoUsd }) => settledPicoUsd > heldPicoUsd || overrunPicoUsd > 0n,
  );
  const tooLow = attempts.filter(({ attemptId, heldPicoUsd }) => heldPicoUsd < (billed.get(attemptId) ?? 0n));
  return {
    number: 5,
    claim: "no amount is negative, no close exceeds its hold, no bill exceeds its hold",
    figures: `${negative.length} negative, ${above.length} closes above their hold, ${tooLow.length} bills above their hold`,
    broken: [
      ...negative.map(({ attemptId }) => `attempt ${attemptId} has a negative entry`),
      ...above.map(({ attemptId }) => `attempt ${attemptId} was closed above its hold`),
      ...tooLow.map(
        ({ attemptId, heldPicoUsd }) => `attempt ${attemptId} held ${heldPicoUsd}, billed ${billed.get(attemptId)}`,
      ),
    ],
  };
}

const doneMark = "data: [DONE]";
/** The gateway's last word in a stream that failed; the provider has its own in the same form. */
const errorEvent = /data: \{"error":[^\n]*\}\n\n$/;

interface PrefixCheck {
  readonly call: ClientCall;
  readonly body: Buffer;
  readonly candidates: readonly string[];
}

async function prefixes({ accounts, calls, attempts, entries, prefixesOf }: Histories): Promise<Finding> {
  const ofRequest = Map.groupBy(attempts, ({ requestId }) => requestId);
  const outcomes = new Map(entries.map(({ attemptId, outcome }) => [attemptId ?? "", outcome]));
  const ofModel = new Map(
    accounts.map(({ name, model }) => [
      name,
      entries.flatMap((entry) => (entry.model === model && entry.attemptId !== null ? [entry.attemptId] : [])),
    ]),
  );
  const answers = calls.filter(({ status, received }) => status === 200 && received.length > 0);
  const fresh = new Set(
    answers
      .filter(({ isFromCache }) => !isFromCache)
      .map((call) => `${call.account} ${sha256(Buffer.concat(call.received))}`),
  );
  const broken: string[] = [];
  const checks: PrefixCheck[] = [];
  for (const call of answers) {
    const received = Buffer.concat(call.received);
    const text = received.toString();
    const hasFailed = call.isStream && errorEvent.test(text);
    if (call.isStream && call.isWhole && !hasFailed && !text.includes(doneMark))
      broken.push(`request ${call.requestId} ended without a word`);
    if (call.isFromCache) {
      const key = `${call.account} ${sha256(received)}`;
      // Nobody may have read the first one to its end: then the provider has to know it.
      if (call.isWhole && !fresh.has(key)) {
        fresh.add(key);
        checks.push({ call, body: received, candidates: ofModel.get(call.account) ?? [] });
      }
      continue;
    }
    const body = hasFailed ? Buffer.from(text.replace(errorEvent, "")) : received;
    const candidates = (ofRequest.get(call.requestId ?? "") ?? []).map(({ attemptId }) => attemptId);
    if (body.length > 0) checks.push({ call, body, candidates });
  }
  const questions = checks.flatMap(({ body, candidates }) =>
    candidates.map((attemptId) => ({ attemptId, bytes: body.length })),
  );
  const sent = await prefixesOf(questions);
  let at = 0;
  for (const { call, body, candidates } of checks) {
    const hash = sha256(body);
    const matching = candidates.filter(() => sent[at++]?.sha256 === hash);
    if (matching.length !== 1) {
      broken.push(
        `request ${call.requestId}: ${body.length} bytes are the beginning of ${matching.length} of its ${candidates.length} attempts`,
      );
    } else if (call.isStream && body.includes(doneMark) && outcomes.get(matching[0] ?? "") !== "complete") {
      broken.push(
        `request ${call.requestId} was told that it is complete; the provider says ${outcomes.get(matching[0] ?? "")}`,
      );
    }
  }
  return {
    number: 6,
    claim: "what a client got is the beginning of exactly one attempt's stream, and complete only if that was",
    figures: `${checks.length} answers compared byte for byte, ${answers.length - checks.length} from the cache or empty`,
    broken,
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function honestAnswers({ calls, accounts, entries }: Histories): Finding {
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
