/** The Messages API for clients that speak it: bytes pass, and what has to be known is read from them. */
import { isEnvelope } from "../events/sealed-envelope.ts";
import { isEventStream } from "../events/streamed-answer.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { parseLossless, readJsonObject } from "../json/parse-lossless.ts";
import { spliceMembers } from "../json/splice-json.ts";
import { TranslationNotes } from "../parameters/translation-notes.ts";
import { PassingStream } from "../passage/passing-stream.ts";
import type { CompleteResponse, NativePassage, RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { assembleMessage } from "./assemble-message.ts";
import { anthropicManifest } from "./manifest.ts";
import { MessageNotes } from "./message-notes.ts";

export const messagesPassage: NativePassage = {
  clientHeaders: ["anthropic-version", "anthropic-beta"],
  requestPath: () => "/messages",
  tokenCountPath: "/messages/count_tokens",
  encodeRequest: encodePassingRequest,
  createStreamScanner: () => new PassingStream(new MessageNotes()),
  readCompleteResponse: (_operation, body) =>
    isEventStream(body) ? readStreamedMessage(body) : readPassingMessage(body),
};

/** Tools that are billed by the call, at prices that no catalogue of tokens holds. */
const toolsWithFees = /^(?:web_search|code_execution)/;

function encodePassingRequest({ body, members, parsed, changes, parameterMode }: RequestToEncode): RequestEncoding {
  const notes = new TranslationNotes(anthropicManifest, parameterMode);
  const values = new Map<string, Uint8Array>();
  const { model, max_tokens: maxTokens, tools, messages } = parsed;
  for (const [index, tool] of (Array.isArray(tools) ? (tools as readonly unknown[]) : []).entries()) {
    if (isFields(tool) && toolsWithFees.test(String(tool["type"]))) {
      notes.refuse(`tools[${index}]`, "A tool that is billed by the call cannot be held to a budget, and is refused.");
    }
  }
  if (notes.rejection !== null) return notes.rejection;
  if (model !== changes.model) values.set("model", encodeUtf8(JSON.stringify(changes.model)));
  const cap = changes.outputTokensCap;
  if (cap !== null && typeof maxTokens === "number" && maxTokens > cap)
    values.set("max_tokens", encodeUtf8(String(cap)));
  const member = members.members.get("messages");
  if (holdsForeignReasoning(messages) && member !== undefined) {
    const kept = withoutForeignReasoning(parseLossless(decodeUtf8(body, member.valueStart, member.valueEnd)));
    values.set("messages", encodeUtf8(JSON.stringify(kept)));
  }
  return {
    ok: true,
    body: spliceMembers(body, members, values),
    changed: [...values.keys()],
    warnings: notes.warnings,
  };
}

/** A conversation that another provider took part in carries its reasoning, which this one would refuse. */
function holdsForeignReasoning(messages: unknown): boolean {
  return Array.isArray(messages) && messages.some((message) => blocksOf(message).some(isForeign));
}

function withoutForeignReasoning(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return (messages as readonly unknown[]).flatMap((message) => {
    const blocks = blocksOf(message);
    if (!isFields(message) || !blocks.some(isForeign)) return [message];
    const content = blocks.filter((block) => !isForeign(block));
    return content.length === 0 ? [] : [{ ...message, content }];
  });
}

function blocksOf(message: unknown): readonly unknown[] {
  return isFields(message) && Array.isArray(message["content"]) ? message["content"] : [];
}

function isForeign(block: unknown): boolean {
  return isFields(block) && (isEnvelope(block["signature"]) || isEnvelope(block["data"]));
}

function readStreamedMessage(body: Uint8Array): CompleteResponse {
  const assembled = assembleMessage(body);
  if ("failure" in assembled) return { ok: false, failure: assembled.failure };
  const whole = encodeUtf8(JSON.stringify(assembled.message));
  const response = readPassingMessage(whole);
  return response.ok ? { ...response, body: whole } : response;
}

function readPassingMessage(body: Uint8Array): CompleteResponse {
  const message = readJsonObject(body);
  if (message === null) return malformed;
  if (message["type"] === "error" || isFields(message["error"])) {
    return { ok: false, failure: classifyErrorObject(message["error"]) };
  }
  const { content, stop_reason: stopReason } = message;
  if (message["type"] !== "message" || !Array.isArray(content) || typeof stopReason !== "string") return malformed;
  const notes = new MessageNotes();
  notes.note({ type: "message_start", message });
  notes.note({ type: "message_delta", delta: message, usage: message["usage"] });
  const verdict = notes.refusalSeen ? "refused" : "complete";
  return {
    ok: true,
    body: null,
    verdict,
    usage: notes.usage,
    finishReasons: [...notes.finishReasons.values()],
    empty: verdict === "complete" && content.length === 0,
    serviceTier: notes.serviceTier,
    model: notes.model,
  };
}

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };
