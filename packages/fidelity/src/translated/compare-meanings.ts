import { isObject, type Json, jsonDifferences } from "../comparison/json-differences.ts";
import { presentDifference } from "../comparison/present-difference.ts";
import { readBody } from "../comparison/read-body.ts";
import type { Answer, SentRequest } from "../exchange.ts";
import { type Finding, findingOf, unobserved } from "../report.ts";
import type { AnswerMeaning } from "./answer-meaning.ts";
import type { NativeFamily } from "./native-family.ts";
import { readChatAnswer } from "./read-chat.ts";

const refused = 400;
const mayVary = "a model may do so in one call and not in the next";

/** The gateway's native request against the one that was written by hand, both in their longest form. */
export function compareNativeRequests(
  family: NativeFamily,
  ours: SentRequest | null,
  theirs: SentRequest | null,
): Finding {
  if (ours === null || theirs === null) return unobserved;
  const outside = [
    ...differencesAt("path", ours.path, theirs.path),
    ...family.comparedHeaders.flatMap((name) =>
      differencesAt(`header ${name}`, ours.headers[name], theirs.headers[name]),
    ),
  ];
  if (ours.body === theirs.body && outside.length === 0) return { verdict: "identical", differences: [] };
  const [ourBody, theirBody] = [ours, theirs].map(({ body }) => family.canonical(readBody("", body)));
  const inside = jsonDifferences(ourBody, theirBody).map((difference) =>
    presentDifference(
      difference.pointer,
      difference.ours,
      difference.theirs,
      family.explainRequest(difference.pointer),
    ),
  );
  return findingOf([...outside, ...inside]);
}

/** What the client read of the very answer that the provider gave in this call: word for word. */
export function compareTranslation(family: NativeFamily, got: Answer, provided: Answer | null): Finding {
  if (provided === null) return unobserved;
  const ours = meaningOf(got, readChatAnswer);
  const theirs = meaningOf(provided, (answer) => family.readAnswer(answer));
  // Where the protocol has no ids of calls, the gateway makes them.
  const calls = ours.toolCalls.map((call, index) =>
    theirs.toolCalls[index]?.id === null ? { ...call, id: null } : call,
  );
  return findingOf([
    ...differencesAt("status", got.status, provided.status),
    ...jsonDifferences(asJson({ ...ours, toolCalls: calls }), asJson(theirs)).map((difference) =>
      presentDifference(difference.pointer, difference.ours, difference.theirs, null),
    ),
  ]);
}

/** The client's answer against the direct one, which generated other words: what kinds of things they say. */
export function compareOutlines(
  family: NativeFamily,
  varies: readonly string[],
  ours: Answer,
  theirs: Answer,
): Finding {
  const ourOutline = outlineOf(meaningOf(ours, readChatAnswer));
  const theirOutline = outlineOf(meaningOf(theirs, (answer) => family.readAnswer(answer)));
  return findingOf([
    ...differencesAt("status", ours.status, theirs.status),
    ...jsonDifferences(ourOutline, theirOutline).map((difference) =>
      presentDifference(
        difference.pointer,
        difference.ours,
        difference.theirs,
        varies.includes(difference.pointer) ? mayVary : null,
      ),
    ),
  ]);
}

const nothing: AnswerMeaning = { text: "", reasoning: "", refusal: "", toolCalls: [], finish: null, usage: null };

/** An error says nothing but its status: the gateway words it after its own registry. */
function meaningOf(answer: Answer, read: (answer: Answer) => AnswerMeaning): AnswerMeaning {
  return answer.status >= refused ? nothing : read(answer);
}

function outlineOf({ text, reasoning, refusal, toolCalls, finish, usage }: AnswerMeaning): Json {
  const calls = toolCalls.map(({ name, arguments: given }) => `${name}(${membersOf(given)})`);
  return {
    text: kindOf(text),
    reasoning: kindOf(reasoning),
    refusal: kindOf(refusal),
    toolCalls: [...new Set(calls)].toSorted().join(", "),
    finish,
    usage: usage === null ? "none" : "told",
  };
}

function kindOf(text: string): string {
  if (text.trim() === "") return "none";
  try {
    return `JSON with ${membersOf(JSON.parse(text) as Json)}`;
  } catch {
    return "text";
  }
}

function membersOf(value: Json): string {
  return isObject(value) ? Object.keys(value).toSorted().join(", ") : typeof value;
}

function asJson({ toolCalls, usage, ...rest }: AnswerMeaning): Json {
  return { ...rest, toolCalls: toolCalls.map((call) => ({ ...call })), usage: usage === null ? null : { ...usage } };
}

function differencesAt(pointer: string, ours: Json | undefined, theirs: Json | undefined) {
  return Object.is(ours, theirs) ? [] : [presentDifference(pointer, ours, theirs, null)];
}
