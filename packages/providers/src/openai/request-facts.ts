/** What admission and planning need of a request. Strict about the fields that are acted on, blind to all others. */
import type { ScannedObject } from "../json/scan-top-level.ts";
import { FieldReader } from "../json/field-reader.ts";
import { measureMessages, type PromptSize } from "./prompt-size.ts";

export interface ChatFacts {
  /** The route that the client asks for. */
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client asked for usage at the end of the stream. */
  readonly includeUsage: boolean;
  /** The client's own cap on the tokens of one answer; null when it set none. */
  readonly outputTokensAsked: number | null;
  /** `n` */
  readonly answers: number;
  readonly hasTools: boolean;
  readonly hasImages: boolean;
  readonly wantsJsonSchema: boolean;
  readonly user: string | null;
  readonly serviceTier: string | null;
  /** Never below what a provider counts: what a hold is computed from, bounded further by the model's context window. */
  readonly inputTokensAtMost: number;
  /** Hardly ever above what a provider counts: what planning passes a target over by. */
  readonly inputTokensAtLeast: number;
}

export interface EmbeddingsFacts {
  readonly model: string;
  /** How many texts are to be embedded. */
  readonly inputs: number;
  readonly user: string | null;
  readonly inputTokensAtMost: number;
  readonly inputTokensAtLeast: number;
}

export type FactsReading<Facts> =
  | { readonly ok: true; readonly facts: Facts }
  | { readonly ok: false; readonly param: string; readonly message: string };

type Parsed = Readonly<Record<string, unknown>>;

const mostAnswers = 128;
const mostOutputTokens = 1_000_000_000;

/**
 * The most that an image costs in any catalogue known: 2,833 + 8 tiles x 5,667 = 48,169 tokens (gpt-4o-mini, high
 * detail, the largest picture), rounded up.
 */
const imageTokensAtMost = 50_000;
/** System texts that chat templates add by themselves. */
const templateTokensAtMost = 256;
/** Instructions that templates add around a list of tools. */
const toolTemplateTokensAtMost = 1_000;
/** Stands for "no bound": more than any context window, and still exact in every sum. */
const unboundedTokens = 1_000_000_000;
/** English is four to five bytes a token, tables and code less; hardly any text is above eight. */
const charactersPerTokenAtMost = 8;
/** Texts to embed may get a beginning and an end mark each. */
const marksPerInput = 8;

/** Reads a chat request; `members` are the scanned positions of the same body. Refuses with a field and a sentence. */
export function readChatFacts(parsed: Parsed, members: ScannedObject): FactsReading<ChatFacts> {
  const reader = new FieldReader();
  const model = reader.requiredText(parsed, "model");
  const messages = reader.list(parsed, "messages");
  if (messages === null || messages.length === 0) reader.refuse("messages", "'messages' must be a non-empty array.");
  const size = measureMessages(messages ?? [], reader);
  const streamOptions = reader.fields(parsed, "stream_options");
  const responseFormat = reader.fields(parsed, "response_format");
  const tools = (reader.list(parsed, "tools")?.length ?? 0) + (reader.list(parsed, "functions")?.length ?? 0);
  const maxTokens = reader.count(parsed, "max_tokens", mostOutputTokens);
  const maxCompletionTokens = reader.count(parsed, "max_completion_tokens", mostOutputTokens);
  if (maxTokens !== null && maxCompletionTokens !== null && maxTokens !== maxCompletionTokens) {
    reader.refuse("max_tokens", "'max_tokens' and 'max_completion_tokens' must not differ; send one of them.");
  }
  const facts: ChatFacts = {
    model,
    stream: reader.flag(parsed, "stream"),
    includeUsage: reader.flag(streamOptions ?? {}, "include_usage", "stream_options.include_usage"),
    outputTokensAsked: withThoughts(maxCompletionTokens ?? maxTokens, parsed["thinking_budget"]),
    answers: reader.count(parsed, "n", mostAnswers) ?? 1,
    hasTools: tools > 0,
    hasImages: size.images > 0,
    wantsJsonSchema: responseFormat?.["type"] === "json_schema",
    user: reader.text(parsed, "user"),
    serviceTier: reader.text(parsed, "service_tier"),
    ...boundInput(size, members, ["tools", "functions", "response_format"], tools > 0),
  };
  return reader.problem === null ? { ok: true, facts } : { ok: false, ...reader.problem };
}

/** Some servers limit thoughts by a member of their own, beside the cap: who sends it asks for both. */
function withThoughts(cap: number | null, budget: unknown): number | null {
  if (cap === null || typeof budget !== "number" || !Number.isSafeInteger(budget) || budget < 0) return cap;
  return Math.min(mostOutputTokens, cap + budget);
}

/** Reads an embeddings request; the size of its body bounds its tokens. */
export function readEmbeddingsFacts(parsed: Parsed, bodyBytes: number): FactsReading<EmbeddingsFacts> {
  const reader = new FieldReader();
  const model = reader.requiredText(parsed, "model");
  const user = reader.text(parsed, "user");
  const size = measureInput(parsed["input"]);
  if (size === null) {
    const shapes = "a string, an array of strings, an array of tokens or an array of token arrays";
    reader.refuse("input", `'input' must be ${shapes}, and not empty.`);
  }
  if (reader.problem !== null || size === null)
    return { ok: false, ...(reader.problem ?? { param: "input", message: "" }) };
  const inputTokensAtMost = bodyBytes + size.inputs * marksPerInput;
  return {
    ok: true,
    facts: { model, user, inputs: size.inputs, inputTokensAtMost, inputTokensAtLeast: size.tokensAtLeast },
  };
}

/** How many tokens a prompt can be. `schemas` are the members that hold tools and the form of the answer. */
export function boundInput(
  size: PromptSize,
  members: ScannedObject,
  schemas: readonly string[],
  hasTools: boolean,
): Pick<ChatFacts, "inputTokensAtMost" | "inputTokensAtLeast"> {
  return {
    inputTokensAtMost: size.isUnbounded
      ? unboundedTokens
      : textTokensAtMost(members, schemas, hasTools) - size.imageDataLength + size.images * imageTokensAtMost,
    inputTokensAtLeast: Math.floor(size.textLength / charactersPerTokenAtMost),
  };
}

/**
 * No tokenizer in use makes more tokens than UTF-8 bytes, and JSON spells no text shorter than UTF-8 does; so the size
 * of the body bounds its text. Tools and schemas count twice, because templates may print them with indentation.
 */
function textTokensAtMost(object: ScannedObject, schemas: readonly string[], hasTools: boolean): number {
  let bytes = object.end - object.start;
  for (const name of schemas) {
    const member = object.members.get(name);
    if (member) bytes += member.valueEnd - member.valueStart;
  }
  return bytes + templateTokensAtMost + (hasTools ? toolTemplateTokensAtMost : 0);
}

interface InputSize {
  readonly inputs: number;
  /** Of the longest one: each has the context window to itself. */
  readonly tokensAtLeast: number;
}

function measureInput(input: unknown): InputSize | null {
  if (typeof input === "string")
    return { inputs: 1, tokensAtLeast: Math.floor(input.length / charactersPerTokenAtMost) };
  if (!Array.isArray(input) || input.length === 0) return null;
  const first = input[0] as unknown;
  if (typeof first === "number") return input.every(isToken) ? { inputs: 1, tokensAtLeast: input.length } : null;
  const isText = typeof first === "string";
  let tokensAtLeast = 0;
  for (const item of input as readonly unknown[]) {
    if (isText && typeof item === "string") {
      tokensAtLeast = Math.max(tokensAtLeast, Math.floor(item.length / charactersPerTokenAtMost));
    } else if (!isText && Array.isArray(item) && item.length > 0 && item.every(isToken)) {
      tokensAtLeast = Math.max(tokensAtLeast, item.length);
    } else {
      return null;
    }
  }
  return { inputs: input.length, tokensAtLeast };
}

function isToken(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
