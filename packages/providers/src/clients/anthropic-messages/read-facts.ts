/** What admission and planning need of a Messages request. */
import { FieldReader, isFields } from "../../json/field-reader.ts";
import type { ScannedObject } from "../../json/scan-top-level.ts";
import type { PromptSize } from "../../openai/prompt-size.ts";
import { boundInput, type ChatFacts, type FactsReading } from "../../openai/request-facts.ts";

type Fields = Readonly<Record<string, unknown>>;

const mostOutputTokens = 1_000_000_000;

/** Reads a Messages request. Refuses with a field and a sentence. */
export function readMessagesFacts(parsed: Fields, members: ScannedObject): FactsReading<ChatFacts> {
  const reader = new FieldReader();
  const model = reader.requiredText(parsed, "model");
  const maxTokens = reader.count(parsed, "max_tokens", mostOutputTokens);
  if (maxTokens === null) reader.refuse("max_tokens", "'max_tokens' is required.");
  const { facts, problem } = readPromptFacts(parsed, members, reader, model);
  return problem === null ? { ok: true, facts: { ...facts, outputTokensAsked: maxTokens } } : { ok: false, ...problem };
}

/** The same of a request to count tokens, which has no cap. */
export function readCountFacts(parsed: Fields, members: ScannedObject): FactsReading<ChatFacts> {
  const reader = new FieldReader();
  const { facts, problem } = readPromptFacts(parsed, members, reader, reader.requiredText(parsed, "model"));
  return problem === null ? { ok: true, facts } : { ok: false, ...problem };
}

function readPromptFacts(
  parsed: Fields,
  members: ScannedObject,
  reader: FieldReader,
  model: string,
): { readonly facts: ChatFacts; readonly problem: FieldReader["problem"] } {
  const messages = reader.list(parsed, "messages");
  if (messages === null || messages.length === 0) reader.refuse("messages", "'messages' must be a non-empty array.");
  const tools = reader.list(parsed, "tools") ?? [];
  const size: PromptSize = { textLength: 0, images: 0, imageDataLength: 0, isUnbounded: false };
  measureContent(parsed["system"], "system", reader, size);
  messages?.forEach((message, index) => measureMessage(message, `messages[${index}]`, reader, size));
  // What these bring in is fetched while the model runs, and nobody knows how much it will be.
  if (tools.some(runsAtProvider) || (reader.list(parsed, "mcp_servers") ?? []).length > 0) size.isUnbounded = true;
  const outputConfig = reader.fields(parsed, "output_config");
  const facts: ChatFacts = {
    model,
    stream: reader.flag(parsed, "stream"),
    includeUsage: true,
    outputTokensAsked: null,
    answers: 1,
    hasTools: tools.length > 0,
    hasImages: size.images > 0,
    wantsJsonSchema: isFields(outputConfig?.["format"]) || isFields(parsed["output_format"]),
    user: reader.text(reader.fields(parsed, "metadata") ?? {}, "user_id"),
    serviceTier: reader.text(parsed, "service_tier"),
    ...boundInput(size, members, ["tools", "output_config", "output_format"], tools.length > 0),
  };
  return { facts, problem: reader.problem };
}

/** Whether a tool is one that the provider runs by itself during the call. */
function runsAtProvider(tool: unknown): boolean {
  return isFields(tool) && typeof tool["type"] === "string" && /^(?:web_|code_execution|mcp)/.test(tool["type"]);
}

function measureMessage(message: unknown, path: string, reader: FieldReader, size: PromptSize): void {
  if (!isFields(message)) reader.refuse(path, `'${path}' must be an object.`);
  else if (typeof message["role"] !== "string") {
    reader.refuse(`${path}.role`, `'${path}.role' is required and must be a string.`);
  } else measureContent(message["content"], `${path}.content`, reader, size);
}

function measureContent(content: unknown, path: string, reader: FieldReader, size: PromptSize): void {
  if (content === undefined || content === null) return;
  if (typeof content === "string") {
    size.textLength += content.length;
  } else if (Array.isArray(content)) {
    content.forEach((block: unknown, index) => {
      if (isFields(block)) measureBlock(block, `${path}[${index}]`, reader, size);
      else reader.refuse(`${path}[${index}]`, `'${path}[${index}]' must be an object.`);
    });
  } else {
    reader.refuse(path, `'${path}' must be a string or an array of blocks.`);
  }
}

function measureBlock(block: Fields, path: string, reader: FieldReader, size: PromptSize): void {
  switch (block["type"]) {
    case "text":
      if (typeof block["text"] === "string") size.textLength += block["text"].length;
      break;
    case "image": {
      size.images++;
      const data = isFields(block["source"]) ? block["source"]["data"] : undefined;
      if (typeof data === "string") size.imageDataLength += data.length;
      break;
    }
    case "tool_result":
      measureContent(block["content"], `${path}.content`, reader, size);
      break;
    case "tool_use":
    case "thinking":
    case "redacted_thinking":
      // As long as the body that holds them.
      break;
    default:
      size.isUnbounded = true;
  }
}
