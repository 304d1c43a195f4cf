/** What admission and planning need of a Responses request. */
import { FieldReader, isFields } from "../../json/field-reader.ts";
import type { ScannedObject } from "../../json/scan-top-level.ts";
import type { PromptSize } from "../../openai/prompt-size.ts";
import { boundInput, type ChatFacts, type FactsReading } from "../../openai/request-facts.ts";

type Fields = Readonly<Record<string, unknown>>;

const mostOutputTokens = 1_000_000_000;
/** What stands for input that the provider keeps and the gateway never sees. */
const keptElsewhere = ["previous_response_id", "conversation", "prompt"] as const;
/** Items that are as long as the body that holds them. */
const plainItems: ReadonlySet<unknown> = new Set([
  "function_call",
  "custom_tool_call",
  "reasoning",
  undefined,
  null,
  "message",
]);

/** Reads a Responses request. Refuses with a field and a sentence. */
export function readResponsesFacts(parsed: Fields, members: ScannedObject): FactsReading<ChatFacts> {
  const reader = new FieldReader();
  const model = reader.requiredText(parsed, "model");
  if (reader.flag(parsed, "background")) {
    reader.refuse(
      "background",
      "'background' is not supported: what such a call costs is not known when it is answered.",
    );
  }
  const size: PromptSize = { textLength: 0, images: 0, imageDataLength: 0, isUnbounded: false };
  size.textLength += reader.text(parsed, "instructions")?.length ?? 0;
  if (keptElsewhere.some((name) => (parsed[name] ?? null) !== null)) size.isUnbounded = true;
  measureInput(parsed["input"], reader, size);
  const tools = reader.list(parsed, "tools") ?? [];
  if (tools.some((tool) => isFields(tool) && tool["type"] !== "function" && tool["type"] !== "custom")) {
    // What these bring in is fetched while the model runs, and nobody knows how much it will be.
    size.isUnbounded = true;
  }
  const text = reader.fields(parsed, "text");
  const facts: ChatFacts = {
    model,
    stream: reader.flag(parsed, "stream"),
    includeUsage: true,
    outputTokensAsked: reader.count(parsed, "max_output_tokens", mostOutputTokens),
    answers: 1,
    hasTools: tools.length > 0,
    hasImages: size.images > 0,
    wantsJsonSchema: isFields(text?.["format"]) && text["format"]["type"] === "json_schema",
    user: reader.text(parsed, "user"),
    serviceTier: reader.text(parsed, "service_tier"),
    ...boundInput(size, members, ["tools", "text"], tools.length > 0),
  };
  return reader.problem === null ? { ok: true, facts } : { ok: false, ...reader.problem };
}

function measureInput(input: unknown, reader: FieldReader, size: PromptSize): void {
  if (typeof input === "string" && input !== "") {
    size.textLength += input.length;
  } else if (Array.isArray(input) && input.length > 0) {
    input.forEach((item: unknown, index) => {
      if (isFields(item)) measureItem(item, `input[${index}]`, reader, size);
      else reader.refuse(`input[${index}]`, `'input[${index}]' must be an object.`);
    });
  } else if (!size.isUnbounded) {
    reader.refuse("input", "'input' must be a non-empty string or array.");
  }
}

function measureItem(item: Fields, path: string, reader: FieldReader, size: PromptSize): void {
  const { type } = item;
  if (type === "function_call_output" || type === "custom_tool_call_output") {
    measureContent(item["output"], `${path}.output`, reader, size);
  } else if (plainItems.has(type)) {
    measureContent(item["content"], `${path}.content`, reader, size);
  } else {
    size.isUnbounded = true;
  }
}

function measureContent(content: unknown, path: string, reader: FieldReader, size: PromptSize): void {
  if (content === undefined || content === null) return;
  if (typeof content === "string") {
    size.textLength += content.length;
  } else if (Array.isArray(content)) {
    content.forEach((part: unknown, index) => {
      if (isFields(part)) measurePart(part, size);
      else reader.refuse(`${path}[${index}]`, `'${path}[${index}]' must be an object.`);
    });
  } else {
    reader.refuse(path, `'${path}' must be a string or an array of parts.`);
  }
}

function measurePart(part: Fields, size: PromptSize): void {
  switch (part["type"]) {
    case "input_text":
    case "output_text":
    case "reasoning_text":
    case "refusal": {
      const text = part["text"] ?? part["refusal"];
      if (typeof text === "string") size.textLength += text.length;
      break;
    }
    case "input_image": {
      size.images++;
      const url = part["image_url"];
      if (typeof url === "string" && url.startsWith("data:image/")) size.imageDataLength += url.length;
      break;
    }
    case "input_audio":
      // A second of audio is tens of tokens and thousands of bytes, so the body's size is bound enough.
      break;
    default:
      size.isUnbounded = true;
  }
}
