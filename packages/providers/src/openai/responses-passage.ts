/** OpenAI's Responses for clients that speak them: bytes pass, and what has to be known is read from them. */
import { isEnvelope } from "../events/sealed-envelope.ts";
import type { EventDecoder } from "../events/model-event.ts";
import { isEventStream, readEvents } from "../events/streamed-answer.ts";
import { classifyErrorObject, malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { parseLossless, readJsonObject } from "../json/parse-lossless.ts";
import { spliceMembers } from "../json/splice-json.ts";
import { PassingStream } from "../passage/passing-stream.ts";
import type { CompleteResponse, NativePassage, RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { ResponseNotes } from "./response-notes.ts";

export const responsesPassage: NativePassage = {
  clientHeaders: [],
  requestPath: () => "/responses",
  encodeRequest: encodePassingRequest,
  createStreamScanner: () => new PassingStream(new ResponseNotes()),
  readCompleteResponse: (_operation, body) =>
    isEventStream(body) ? readStreamedResponse(body) : readPassingResponse(body),
};

/** Tools that are billed by the call or the session, at prices that no catalogue of tokens holds. */
const toolsWithFees =
  /^(?:web_search|x_search|file_search|collections_search|code_interpreter|code_execution|image_generation|shell)/;

function encodePassingRequest({ body, members, parsed, changes }: RequestToEncode): RequestEncoding {
  const { model, max_output_tokens: asked, tools, input } = parsed;
  for (const [index, tool] of (Array.isArray(tools) ? (tools as readonly unknown[]) : []).entries()) {
    if (isFields(tool) && toolsWithFees.test(String(tool["type"]))) {
      const message = "A tool that is billed by the call cannot be held to a budget, and is refused.";
      return { ok: false, param: `tools[${index}]`, message };
    }
  }
  const values = new Map<string, Uint8Array>();
  if (model !== changes.model) values.set("model", encodeUtf8(JSON.stringify(changes.model)));
  const cap = changes.outputTokensCap;
  if (cap !== null && !(typeof asked === "number" && asked <= cap)) {
    values.set("max_output_tokens", encodeUtf8(String(cap)));
  }
  const member = members.members.get("input");
  if (Array.isArray(input) && input.some(isForeign) && member !== undefined) {
    const items = parseLossless(decodeUtf8(body, member.valueStart, member.valueEnd)) as readonly unknown[];
    values.set("input", encodeUtf8(JSON.stringify(items.filter((item) => !isForeign(item)))));
  }
  return { ok: true, body: spliceMembers(body, members, values), changed: [...values.keys()], warnings: [] };
}

/** Reasoning of another provider that took part in the conversation; this one could not decrypt it. */
function isForeign(item: unknown): boolean {
  return isFields(item) && item["type"] === "reasoning" && isEnvelope(item["encrypted_content"]);
}

/** Its last event holds the response whole; where the items are left out of it, they were told one by one. */
function readStreamedResponse(body: Uint8Array): CompleteResponse {
  let latest: Readonly<Record<string, unknown>> = {};
  const items: unknown[] = [];
  const decoder: EventDecoder = {
    decode(event) {
      if (event === null) return [{ type: "failure", failure: malformedResponse() }];
      if (event["type"] === "error") return [{ type: "failure", failure: classifyErrorObject(event) }];
      if (isFields(event["response"])) latest = event["response"];
      if (event["type"] === "response.output_item.done") items.push(event["item"]);
      return [];
    },
  };
  const failed = readEvents(body, decoder).find((event) => event.type === "failure");
  if (failed !== undefined) return { ok: false, failure: failed.failure };
  const { status, output } = latest;
  if (status === undefined || status === "in_progress" || status === "queued") {
    return { ok: false, failure: truncatedResponse() };
  }
  const isLeftOut = !Array.isArray(output) || output.length === 0;
  const whole = encodeUtf8(JSON.stringify(isLeftOut ? { ...latest, output: items } : latest));
  const response = readPassingResponse(whole);
  return response.ok ? { ...response, body: whole } : response;
}

function readPassingResponse(body: Uint8Array): CompleteResponse {
  const response = readJsonObject(body);
  if (response === null) return malformed;
  const { error, output } = response;
  if (isFields(error)) return { ok: false, failure: classifyErrorObject(error) };
  if (!Array.isArray(output)) return malformed;
  const notes = new ResponseNotes();
  notes.noteResponse(response);
  if (notes.failure !== null) return { ok: false, failure: notes.failure };
  if (!notes.doneSeen) return malformed;
  const parts = output.flatMap((item) => (isFields(item) && Array.isArray(item["content"]) ? item["content"] : []));
  const isRefused = parts.some((part) => isFields(part) && part["type"] === "refusal");
  const finishReason = notes.finishReasons.get(0) ?? null;
  const verdict = isRefused ? "refused" : finishReason === "content_filter" ? "filtered" : "complete";
  return {
    ok: true,
    body: null,
    verdict,
    usage: notes.usage,
    finishReasons: [finishReason],
    empty: verdict === "complete" && !output.some(saysSomething),
    serviceTier: notes.serviceTier,
    model: notes.model,
  };
}

/** Whether an item is more than reasoning and empty texts. */
function saysSomething(item: unknown): boolean {
  if (!isFields(item) || item["type"] === "reasoning") return false;
  if (item["type"] !== "message") return true;
  const { content } = item;
  return Array.isArray(content) && content.some((part) => isFields(part) && part["text"] !== "");
}

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };
