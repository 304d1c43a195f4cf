import type { Answer, SentRequest } from "../exchange.ts";
import { type Difference, type Finding, findingOf, unobserved } from "../report.ts";
import type { FidelityProtocol } from "../suites/fidelity-protocol.ts";
import { isArray, isObject, type Json } from "./json-differences.ts";
import { presentDifference, presentDifferences } from "./present-difference.ts";
import { readBody } from "./read-body.ts";
import { shapeOf } from "./shape-of.ts";

const identical: Finding = { verdict: "identical", differences: [] };

/**
 * The request that the gateway made of the client's, against the direct one, as the provider received both. `canonical`: the
 * form in which two bodies that say the same are the same.
 */
export function compareRequests(
  protocol: Pick<FidelityProtocol, "comparedHeaders" | "explainRequest">,
  ours: SentRequest | null,
  theirs: SentRequest | null,
  canonical: (body: Json) => Json = (body) => body,
): Finding {
  if (ours === null || theirs === null) return unobserved;
  const outside = [
    ...valueDifferences("path", ours.path, theirs.path),
    ...protocol.comparedHeaders.flatMap((name) =>
      valueDifferences(`header ${name}`, ours.headers[name], theirs.headers[name]),
    ),
  ];
  if (ours.body === theirs.body) return outside.length === 0 ? identical : findingOf(outside);
  const [ourBody, theirBody] = [ours, theirs].map(({ body }) => canonical(readBody("", body)));
  return findingOf([
    ...outside,
    ...presentDifferences(ourBody, theirBody, (pointer) => protocol.explainRequest(pointer)),
  ]);
}

/** What the client got, against what the provider gave in the same call. */
export function comparePassage(protocol: FidelityProtocol, got: Answer, provided: Answer | null): Finding {
  if (provided === null) return unobserved;
  const outside = valueDifferences("status", got.status, provided.status);
  if (got.body === provided.body) return outside.length === 0 ? identical : findingOf(outside);
  const theirs = withoutWithheld(protocol, readBody(provided.contentType, provided.body));
  const inside = presentDifferences(readBody(got.contentType, got.body), theirs.body, (pointer) =>
    explainAnswer(protocol, got, pointer),
  );
  return findingOf([...outside, ...theirs.withheld, ...inside]);
}

/** The gateway's answer against the direct one, which generated other words: their status, shape and vocabulary. */
export function compareAnswers(protocol: FidelityProtocol, ours: Answer, theirs: Answer): Finding {
  if (ours.status !== theirs.status) return findingOf(differentEndings(ours, theirs));
  if (ours.body === theirs.body) return identical;
  const ourShape = shapeOf(readBody(ours.contentType, ours.body), protocol.vocabulary);
  const theirShape = shapeOf(readBody(theirs.contentType, theirs.body), protocol.vocabulary);
  const pointers = new Set([...theirShape.keys(), ...ourShape.keys()]);
  const inside = [...pointers].flatMap((pointer) => {
    const [ourWords, theirWords] = [ourShape.get(pointer), theirShape.get(pointer)];
    if (ourWords === theirWords) return [];
    const reason = explainAnswer(protocol, ours, pointer) ?? protocol.explainShape(pointer);
    return [{ pointer, ours: ourWords ?? null, theirs: theirWords ?? null, reason }];
  });
  return findingOf([...inside, ...protocol.volatile.flatMap((name) => volatileDifference(name, ours, theirs))]);
}

/** Where one call was served and the other was not, their bodies have nothing in common. */
function differentEndings(ours: Answer, theirs: Answer): Difference[] {
  const [ourBody, theirBody] = [ours, theirs].map(({ contentType, body }) => readBody(contentType, body));
  return [...valueDifferences("status", ours.status, theirs.status), presentDifference("", ourBody, theirBody, null)];
}

/** Named, so that a reader sees what was not held against anybody. */
function volatileDifference(name: string, ours: Answer, theirs: Answer): Difference[] {
  const values = [ours, theirs].map(({ contentType, body }) => firstValueOf(name, readBody(contentType, body)));
  if (Object.is(values[0], values[1])) return [];
  return [presentDifference(`/${name}`, values[0], values[1], "new with every call")];
}

function firstValueOf(name: string, body: Json): Json | undefined {
  const first = isArray(body) ? body[0] : body;
  const object = isObject(first) && isArray(body) ? first["data"] : first;
  return isObject(object) ? object[name] : undefined;
}

function withoutWithheld(protocol: FidelityProtocol, body: Json): { body: Json; withheld: Difference[] } {
  if (!isArray(body)) return { body, withheld: [] };
  const withheld: Difference[] = [];
  const kept = body.filter((event, index) => {
    const reason = protocol.explainWithheld(event);
    if (reason !== null) withheld.push(presentDifference(`/${index}`, undefined, event, reason));
    return reason === null;
  });
  return { body: kept, withheld };
}

function explainAnswer(protocol: FidelityProtocol, answer: Answer, pointer: string): string | null {
  return answer.status >= 400 ? protocol.explainError(pointer) : null;
}

function valueDifferences(pointer: string, ours: Json | undefined, theirs: Json | undefined): Difference[] {
  return presentDifferences(ours, theirs, undefined, pointer);
}
