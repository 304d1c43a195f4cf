import { createHash } from "node:crypto";
import type { ClientCall } from "../client-history.ts";
import type { Finding, Histories } from "./histories.ts";

const doneMark = "data: [DONE]";
/** The gateway's last word in a stream that failed; the provider has its own in the same form. */
const errorEvent = /data: \{"error":[^\n]*\}\n\n$/;
/** Where counts are told. Those that stand there as text are written as numbers for clients, who could not read them. */
const usageStart = '"usage":{';

interface PrefixCheck {
  readonly call: ClientCall;
  readonly body: Buffer;
  readonly candidates: readonly string[];
}

/** Byte for byte, by the hashes that the provider keeps of what it sent. */
export async function prefixes({ accounts, calls, attempts, entries, prefixesOf }: Histories): Promise<Finding> {
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
    const passed = hasFailed ? Buffer.from(text.replace(errorEvent, "")) : received;
    const body = call.account === "hostile" ? upToUsage(passed) : passed;
    const candidates = (ofRequest.get(call.replayOf ?? call.requestId ?? "") ?? []).map(({ attemptId }) => attemptId);
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
    } else if (call.isStream && isToldComplete(call) && outcomes.get(matching[0] ?? "") !== "complete") {
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

function upToUsage(body: Buffer): Buffer {
  const start = body.indexOf(usageStart);
  return start === -1 ? body : body.subarray(0, start);
}

function isToldComplete({ received }: ClientCall): boolean {
  return Buffer.concat(received).includes(doneMark);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
