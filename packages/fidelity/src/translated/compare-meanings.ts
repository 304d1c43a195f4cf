import { isObject, type Json } from "../comparison/json-differences.ts";
import { presentDifferences } from "../comparison/present-difference.ts";
import type { Answer } from "../exchange.ts";
import { type Difference, type Finding, findingOf, unobserved } from "../report.ts";
import type { AnswerMeaning } from "./answer-meaning.ts";
import type { NativeFamily } from "./native-family.ts";
import { readChatAnswer } from "./read-chat.ts";

const refused = 400;
const mayVary = "a model may do so in one call and not in the next";

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
    ...statusDifferences(got, provided),
    ...presentDifferences(asJson({ ...ours, toolCalls: calls }), asJson(theirs)),
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
    ...statusDifferences(ours, theirs),
    ...presentDifferences(ourOutline, theirOutline, (pointer) => (varies.includes(pointer) ? mayVary : null)),
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

function statusDifferences(ours: Answer, theirs: Answer): Difference[] {
  return presentDifferences(ours.status, theirs.status, undefined, "status");
}
