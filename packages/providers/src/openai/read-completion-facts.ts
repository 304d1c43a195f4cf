/**
 * Facts of a chat completion or one chunk of it, read straight from its bytes. Answers are mostly text that nobody here
 * needs, so nothing is parsed but the few members that decide something.
 */
import {
  JsonCursor,
  type JsonKey,
  jsonKey,
  openingBrace,
  openingBracket,
  readJsonString,
} from "../json/json-cursor.ts";
import { layerError } from "../failure/vendor-codes.ts";
import { isFields } from "../json/field-reader.ts";
import { quote } from "../json/scalar-end.ts";
import type { ChoiceFacts, CompletionFacts } from "./completion-facts.ts";
import { isUnfinished } from "./finish-reason.ts";
import { toldUsage } from "./told-usage.ts";

/** Log probabilities alone can have hundreds of thousands of keys; nothing is built from them, so only depth is bound. */
const limits = { maxDepth: 64, maxKeys: Infinity, requireUtf8: false };
/** What is parsed is small in every honest answer. */
const longestParsedBytes = 65_536;
const tooLong = "too long to be read";
const longestName = 200;

const keys = {
  id: jsonKey("id"),
  choices: jsonKey("choices"),
  usage: jsonKey("usage"),
  error: jsonKey("error"),
  baseResponse: jsonKey("base_resp"),
  model: jsonKey("model"),
  serviceTier: jsonKey("service_tier"),
  index: jsonKey("index"),
  finishReason: jsonKey("finish_reason"),
  delta: jsonKey("delta"),
  message: jsonKey("message"),
  refusal: jsonKey("refusal"),
  images: jsonKey("images"),
  annotations: jsonKey("annotations"),
  searchResults: jsonKey("search_results"),
  citations: jsonKey("citations"),
  logprobs: jsonKey("logprobs"),
  text: jsonKey("text"),
};
/** Members of a delta or a message that hold generated tokens. */
const contentKeys = ["content", "reasoning_content", "reasoning", "tool_calls", "function_call", "audio"].map(jsonKey);

const emptyTextBytes = 2;
const nullBeginning = 0x6e;
const hasMessage = 1;
const hasIndex = 2;

/**
 * Reads the JSON object in `bytes[start, end)`; null if that is not one whole, valid JSON object. `vendorKey` names a
 * member of the vendor's own that may hold `usage` or `error` where the object itself has none.
 */
export function readCompletionFacts(
  bytes: Uint8Array,
  start: number,
  end: number,
  vendorKey: JsonKey | null = null,
): CompletionFacts | null {
  const reader = new CompletionReader(bytes, start, end, vendorKey);
  return reader.read() ? reader : null;
}

/** Start and end of a value. */
type Range = readonly [number, number];

class CompletionReader implements CompletionFacts {
  choices: ChoiceFacts[] | null = null;
  contentBytes = 0;
  needsLook = false;
  usage: unknown = undefined;
  error: unknown = undefined;
  #model: Range | null = null;
  #serviceTier: Range | null = null;
  #hasContent = false;
  #hasRefusal = false;
  #hasId = false;
  readonly #bytes: Uint8Array;
  readonly #cursor: JsonCursor;
  readonly #vendorKey: JsonKey | null;

  constructor(bytes: Uint8Array, start: number, end: number, vendorKey: JsonKey | null) {
    this.#bytes = bytes;
    this.#vendorKey = vendorKey;
    this.#cursor = new JsonCursor(bytes, start, end, limits);
  }

  get model(): string | null {
    return this.#model && this.#name(this.#model);
  }

  get serviceTier(): string | null {
    return this.#serviceTier && this.#name(this.#serviceTier);
  }

  read(): boolean {
    const cursor = this.#cursor;
    if (cursor.enter(openingBrace)) {
      while (cursor.nextMember()) {
        if (cursor.keyIs(keys.choices)) this.#readChoices();
        else if (cursor.keyIs(keys.usage)) this.#readUsage();
        else if (cursor.keyIs(keys.error)) this.error = this.#parse() ?? this.error;
        else if (cursor.keyIs(keys.baseResponse)) this.error ??= layerError({ base_resp: this.#parse() });
        else if (cursor.keyIs(keys.id)) this.#readId();
        else if (cursor.keyIs(keys.model)) this.#model = this.#range();
        else if (cursor.keyIs(keys.serviceTier)) this.#serviceTier = this.#range();
        else if (this.#vendorKey !== null && cursor.keyIs(this.#vendorKey)) this.#readVendorMember();
        else {
          if (cursor.keyIs(keys.searchResults) || cursor.keyIs(keys.citations)) this.needsLook = true;
          cursor.skipValue();
        }
      }
    }
    if (this.choices === null || !this.#hasId) this.needsLook = true;
    return cursor.problem === null && cursor.peek() === -1;
  }

  #readUsage(): void {
    const told = this.#parse();
    this.usage = toldUsage(told);
    if (this.usage === undefined && isFields(told)) this.needsLook = true;
  }

  #readId(): void {
    const [start, end] = this.#range();
    this.#hasId = end - start > emptyTextBytes && this.#bytes[start] === quote;
  }

  #readVendorMember(): void {
    const member = this.#parse();
    if (!isFields(member)) return;
    this.usage ??= toldUsage(member["usage"]);
    this.error ??= member["error"] ?? undefined;
  }

  #readChoices(): void {
    const cursor = this.#cursor;
    if (cursor.peek() !== openingBracket) {
      cursor.skipValue();
      return;
    }
    const choices: ChoiceFacts[] = [];
    cursor.enter(openingBracket);
    while (cursor.nextElement()) {
      if (cursor.peek() === openingBrace) choices.push(this.#readChoice(choices.length));
      else cursor.skipValue();
    }
    this.choices = choices;
  }

  #readChoice(position: number): ChoiceFacts {
    const cursor = this.#cursor;
    let index = position;
    let finishReason: string | null = null;
    this.#hasContent = false;
    this.#hasRefusal = false;
    let members = 0;
    cursor.enter(openingBrace);
    while (cursor.nextMember()) {
      if (cursor.keyIs(keys.finishReason)) finishReason = this.#readFinish();
      else if (cursor.keyIs(keys.delta) || cursor.keyIs(keys.message)) members |= this.#readMessage();
      else if (cursor.keyIs(keys.index)) {
        const told = this.#parse();
        index = indexOr(position, told);
        if (typeof told === "number") members |= hasIndex;
      } else if (cursor.keyIs(keys.usage)) this.usage ??= toldUsage(this.#parse());
      else if (cursor.keyIs(keys.logprobs)) this.#skipLogprobs();
      else if (cursor.keyIs(keys.text)) this.#readUncounted();
      else cursor.skipValue();
    }
    if (members !== (hasMessage | hasIndex)) this.needsLook = true;
    return { index, finishReason, hasContent: this.#hasContent, hasRefusal: this.#hasRefusal };
  }

  /** Not every server lists them as OpenAI does. */
  #skipLogprobs(): void {
    if (this.#cursor.peek() !== nullBeginning) this.needsLook = true;
    this.#cursor.skipValue();
  }

  #readFinish(): string | null {
    const told = this.#parse();
    const finish = isUnfinished(told) ? null : nameOrNull(told);
    if (finish === null && told !== null) this.needsLook = true;
    return finish;
  }

  #readMessage(): number {
    const cursor = this.#cursor;
    if (cursor.peek() !== openingBrace) {
      cursor.skipValue();
      return 0;
    }
    cursor.enter(openingBrace);
    while (cursor.nextMember()) {
      if (cursor.keyIs(keys.refusal)) this.#hasRefusal = this.#readContent() || this.#hasRefusal;
      else if (isContentKey(cursor)) this.#hasContent = this.#readContent() || this.#hasContent;
      else if (cursor.keyIs(keys.images)) this.#readUncounted();
      else if (cursor.keyIs(keys.annotations)) this.#skipAnnotations();
      else cursor.skipValue();
    }
    return hasMessage;
  }

  /** Not every server writes them as OpenAI does. */
  #skipAnnotations(): void {
    const [start, end] = this.#range();
    if (this.#bytes[start] === openingBracket && !this.#isBlank(start + 1, end - 1)) this.needsLook = true;
  }

  /** Pictures, whose cost does not go by their bytes; and text that stands beside the delta as well. */
  #readUncounted(): void {
    const { contentBytes, needsLook } = this;
    this.#hasContent = this.#readContent() || this.#hasContent;
    this.contentBytes = contentBytes;
    this.needsLook = needsLook;
  }

  /** Passes a value and answers whether it holds anything: a text, list or object that is not empty. */
  #readContent(): boolean {
    const cursor = this.#cursor;
    cursor.peek();
    const start = cursor.at;
    if (!cursor.skipValue()) return false;
    const inside = cursor.at - start - 2;
    const first = this.#bytes[start];
    const holdsText = first === quote && inside > 0;
    const holdsMembers =
      (first === openingBrace || first === openingBracket) && !this.#isBlank(start + 1, cursor.at - 1);
    if (first === openingBracket) this.needsLook = true;
    if (!holdsText && !holdsMembers) return false;
    this.contentBytes += inside;
    return true;
  }

  #isBlank(start: number, end: number): boolean {
    for (let at = start; at < end; at++) if ((this.#bytes[at] as number) > 0x20) return false;
    return true;
  }

  #range(): Range {
    this.#cursor.peek();
    const start = this.#cursor.at;
    this.#cursor.skipValue();
    return [start, this.#cursor.at];
  }

  #parse(): unknown {
    return this.#cursor.readValue(longestParsedBytes, tooLong);
  }

  #name([start, end]: Range): string | null {
    const isText = this.#bytes[start] === quote && end - start <= longestName;
    return isText ? nameOrNull(readJsonString(this.#bytes, start, end)) : null;
  }
}

function isContentKey(cursor: JsonCursor): boolean {
  for (const key of contentKeys) if (cursor.keyIs(key)) return true;
  return false;
}

function nameOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= longestName ? value : null;
}

function indexOr(position: number, value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : position;
}
