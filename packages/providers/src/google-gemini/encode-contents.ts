/** The conversation: system texts apart, turns of one role merged, calls and results matched by name and order. */
import { isFields } from "../json/field-reader.ts";
import { readDataUrl } from "../parameters/data-url.ts";
import { readToolArguments } from "../parameters/tool-arguments.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

type Fields = Readonly<Record<string, unknown>>;
type Part = Readonly<Record<string, unknown>>;

interface Turn {
  readonly role: "user" | "model";
  readonly parts: Part[];
}

export interface EncodedContents {
  readonly system: readonly Part[];
  readonly contents: readonly Turn[];
}

/** Reads `messages`; what has no equivalent is told to `notes`. */
export function encodeContents(messages: unknown, notes: TranslationNotes): EncodedContents {
  const conversation = new Conversation(notes);
  for (const [index, message] of (Array.isArray(messages) ? messages : []).entries()) {
    if (isFields(message)) conversation.add(message, `messages[${index}]`);
  }
  return { system: conversation.system, contents: conversation.turns };
}

class Conversation {
  readonly system: Part[] = [];
  readonly turns: Turn[] = [];
  readonly #notes: TranslationNotes;
  /** Names of the functions called, by the id of the call. */
  readonly #functions = new Map<string, string>();

  constructor(notes: TranslationNotes) {
    this.#notes = notes;
  }

  add(message: Fields, path: string): void {
    const { role, content } = message;
    if (message["name"] !== undefined) this.#notes.warn("messages.name", "dropped");
    switch (role) {
      case "system":
      case "developer":
        this.#addInstruction(this.#encodeContent(content, `${path}.content`));
        break;
      case "user":
        this.#append("user", this.#encodeContent(content, `${path}.content`));
        break;
      case "assistant":
        this.#append("model", this.#encodeAnswer(message, path));
        break;
      case "tool":
        this.#addResult(message, path);
        break;
      default:
        this.#notes.reject(`${path}.role`, `The role '${String(role).slice(0, 40)}'`);
    }
  }

  /** Later instructions stay in their place, since moving them to the top would change what they are about. */
  #addInstruction(parts: readonly Part[]): void {
    if (this.turns.length === 0) {
      this.system.push(...parts);
      return;
    }
    this.#notes.warn("messages.role", "changed");
    this.#append(
      "user",
      parts.map((part) => ({ text: `<system>${String(part["text"])}</system>` })),
    );
  }

  #encodeAnswer(message: Fields, path: string): Part[] {
    const { content, refusal, tool_calls: toolCalls, reasoning_details: details } = message;
    const signatures = readSignatures(details);
    const calls = (Array.isArray(toolCalls) ? toolCalls : []).flatMap((call: unknown, index) =>
      this.#encodeCall(call, `${path}.tool_calls[${index}]`, signatures),
    );
    return [...this.#encodeContent(content, `${path}.content`), ...textParts(refusal), ...calls];
  }

  #encodeCall(call: unknown, path: string, signatures: ReadonlyMap<unknown, unknown>): Part[] {
    const called = isFields(call) ? call["function"] : undefined;
    if (!isFields(call) || !isFields(called) || typeof called["name"] !== "string" || typeof call["id"] !== "string") {
      this.#notes.reject(path, "A tool call that is not of a function");
      return [];
    }
    const args = readToolArguments(called["arguments"]);
    if (args === null) this.#notes.warn(`${path}.function.arguments`, "changed");
    this.#functions.set(call["id"], called["name"]);
    const thoughtSignature = signatures.get(call["id"]);
    const signature = thoughtSignature === undefined ? {} : { thoughtSignature };
    return [{ functionCall: { name: called["name"], args: args ?? {} }, ...signature }];
  }

  #addResult({ tool_call_id: callId, content, is_error: isError }: Fields, path: string): void {
    const name = typeof callId === "string" ? this.#functions.get(callId) : undefined;
    if (name === undefined) {
      this.#notes.refuse(`${path}.tool_call_id`, `'${path}.tool_call_id' names no tool call before it.`);
      return;
    }
    const parts = this.#encodeContent(content, `${path}.content`);
    const output = parts.map((part) => part["text"]).join("");
    if (parts.some((part) => part["text"] === undefined))
      this.#notes.reject(`${path}.content`, "A result that is not text");
    const response = isError === true ? { error: output } : { output };
    this.#append("user", [{ functionResponse: { name, response } }]);
  }

  #encodeContent(content: unknown, path: string): Part[] {
    if (typeof content === "string") return textParts(content);
    if (!Array.isArray(content)) return [];
    return content.flatMap((part: unknown, index) =>
      isFields(part) ? encodePart(part, `${path}[${index}]`, this.#notes) : [],
    );
  }

  #append(role: Turn["role"], parts: readonly Part[]): void {
    if (parts.length === 0) return;
    const last = this.turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else this.turns.push({ role, parts: [...parts] });
  }
}

function textParts(text: unknown): Part[] {
  return typeof text === "string" && text !== "" ? [{ text }] : [];
}

function encodePart(part: Fields, path: string, notes: TranslationNotes): Part[] {
  switch (part["type"]) {
    case "text":
      return textParts(part["text"]);
    case "refusal":
      return textParts(part["refusal"]);
    case "image_url": {
      const { image_url: image } = part;
      if (isFields(image) && image["detail"] !== undefined && image["detail"] !== "auto")
        notes.warn("detail", "dropped");
      return encodeInline(isFields(image) ? image["url"] : image, path, notes);
    }
    case "file":
      return encodeInline(isFields(part["file"]) ? part["file"]["file_data"] : undefined, path, notes);
    case "input_audio": {
      const { data, format } = isFields(part["input_audio"]) ? part["input_audio"] : {};
      return encodeInline(`data:audio/${String(format)};base64,${String(data)}`, path, notes);
    }
    default:
      notes.reject(path, `A part of type '${String(part["type"]).slice(0, 40)}'`);
      return [];
  }
}

/** Only what the request itself holds: this API does not fetch from any web server. */
function encodeInline(url: unknown, path: string, notes: TranslationNotes): Part[] {
  const inline = typeof url === "string" ? readDataUrl(url) : null;
  if (inline !== null) return [{ inlineData: { mimeType: inline.mediaType, data: inline.data } }];
  notes.reject(path, "A part that is not within the request");
  return [];
}

/** Signatures of thoughts, by the call that they belong to. */
function readSignatures(details: unknown): ReadonlyMap<unknown, unknown> {
  const own = (Array.isArray(details) ? details : []).filter(
    (detail) => isFields(detail) && detail["format"] === "google-gemini",
  ) as Fields[];
  return new Map(own.map((detail) => [detail["tool_call_id"], detail["data"]]));
}
