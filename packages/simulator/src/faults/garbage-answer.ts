import type { GarbageKind } from "../behaviour/behaviour.ts";
import type { AnswerChunk, WireAnswer } from "../formats/wire-format.ts";

/** What a garbage answer is made of, in the protocol of the call. */
export interface GarbageSource {
  readonly answer: WireAnswer;
  /** The content type of a healthy answer. */
  readonly contentType: string;
  readonly errorJson: string;
  /** Puts JSON into the form of a healthy answer: as it is, or as an event. */
  readonly frame: (json: string) => string | Buffer;
}

/** The body and content type of a 200 that is no answer. */
export function garbageAnswer(
  kind: GarbageKind,
  source: GarbageSource,
): { body: WireAnswer["body"]; contentType: string } {
  const { contentType } = source;
  switch (kind) {
    case "html":
      return {
        body: "<!DOCTYPE html><html><head><title>Just a moment…</title></head><body><h1>Gateway check</h1></body></html>",
        contentType: "text/html; charset=utf-8",
      };
    case "empty":
      return { body: "", contentType };
    case "truncated_json":
      return { body: firstHalf(source.answer.body), contentType };
    case "error_in_200":
      return { body: bodyOf(source.frame(source.errorJson)), contentType };
    case "wrong_schema":
      return {
        body: bodyOf(source.frame(JSON.stringify({ status: "ok", result: { text: "not what was asked for" } }))),
        contentType,
      };
  }
}

function bodyOf(framed: string | Buffer): WireAnswer["body"] {
  return typeof framed === "string" ? framed : [{ text: framed, generatedTokens: 0 }];
}

/** Half of a plain answer; of a stream the first event and half of the second. */
function firstHalf(body: WireAnswer["body"]): WireAnswer["body"] {
  if (typeof body === "string") return half(body);
  const [first, second] = Iterator.from(body).take(2);
  if (first === undefined) return "";
  if (Buffer.isBuffer(first.text)) return [first, ...(second === undefined ? [] : [halfOf(second)])];
  return `${first.text}${half(second?.text.toString() ?? "")}`;
}

function halfOf({ text, generatedTokens }: AnswerChunk): AnswerChunk {
  const bytes = Buffer.from(text);
  return { text: bytes.subarray(0, Math.ceil(bytes.length / 2)), generatedTokens };
}

function half(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}
