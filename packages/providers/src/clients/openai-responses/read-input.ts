/** The list of items as messages. What the assistant said in one turn is several items, and one message. */
import type { ConversationNotes } from "../../conversation/conversation-notes.ts";
import type { ConversationCall, ConversationMessage, ConversationPart } from "../../conversation/conversation.ts";
import type { SealedReasoning } from "../../events/model-event.ts";
import { readEnvelope } from "../../events/sealed-envelope.ts";
import { isFields } from "../../json/field-reader.ts";
import { readContent } from "./read-parts.ts";

type Fields = Readonly<Record<string, unknown>>;

export function readInput(input: unknown, notes: ConversationNotes): readonly ConversationMessage[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  const reader = new InputReader(notes);
  for (const [index, item] of (Array.isArray(input) ? input : []).entries()) {
    if (isFields(item)) reader.add(item, `input[${index}]`);
  }
  return reader.finish();
}

class InputReader {
  readonly #notes: ConversationNotes;
  readonly #messages: ConversationMessage[] = [];
  #turn = new AssistantTurn();

  constructor(notes: ConversationNotes) {
    this.#notes = notes;
  }

  add(item: Fields, path: string): void {
    switch (item["type"]) {
      case undefined:
      case null:
      case "message":
        this.#addMessage(item, path);
        break;
      case "function_call":
        this.#turn.calls.push(readCall(item));
        break;
      case "function_call_output":
        this.#push({
          role: "tool",
          tool_call_id: String(item["call_id"]),
          content: readContent(item["output"], `${path}.output`, this.#notes),
        });
        break;
      case "reasoning":
        this.#turn.addReasoning(item);
        break;
      default:
        this.#notes.reject(path, `An item of type '${String(item["type"]).slice(0, 40)}'`);
    }
  }

  finish(): readonly ConversationMessage[] {
    this.#endTurn();
    return this.#messages;
  }

  #addMessage({ role, content }: Fields, path: string): void {
    const parts = readContent(content, `${path}.content`, this.#notes);
    switch (role) {
      case "assistant":
        this.#turn.parts.push(...(typeof parts === "string" ? textParts(parts) : parts));
        break;
      case "user":
      case "system":
      case "developer":
        this.#push({ role, content: parts });
        break;
      default:
        this.#notes.refuse(`${path}.role`, `'${path}.role' must be user, assistant, system or developer.`);
    }
  }

  #push(message: ConversationMessage): void {
    this.#endTurn();
    this.#messages.push(message);
  }

  #endTurn(): void {
    const message = this.#turn.message();
    if (message !== null) this.#messages.push(message);
    this.#turn = new AssistantTurn();
  }
}

class AssistantTurn {
  readonly parts: ConversationPart[] = [];
  readonly calls: ConversationCall[] = [];
  readonly #sealed: SealedReasoning[] = [];
  #reasoning = "";

  /** Reasoning that came through this gateway; what OpenAI has encrypted itself is for nobody else. */
  addReasoning({ encrypted_content: encrypted, summary }: Fields): void {
    const block = readEnvelope(encrypted);
    if (block === null) return;
    const texts = (Array.isArray(summary) ? summary : []).map((part: unknown) =>
      isFields(part) && typeof part["text"] === "string" ? part["text"] : "",
    );
    const text = texts.join("");
    if (block.format === "plain") this.#reasoning += text;
    else this.#sealed.push(block.type === "thinking" ? { ...block, text } : block);
  }

  /** Null where the turn is empty. */
  message(): ConversationMessage | null {
    if (this.parts.length === 0 && this.calls.length === 0) return null;
    return {
      role: "assistant",
      content: this.parts.length === 0 ? null : this.parts,
      ...(this.calls.length === 0 ? {} : { tool_calls: this.calls }),
      ...(this.#reasoning === "" ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#sealed.length === 0 ? {} : { reasoning_details: this.#sealed }),
    };
  }
}

function readCall({ call_id: callId, name, arguments: given }: Fields): ConversationCall {
  const text = typeof given === "string" ? given : "{}";
  return { id: String(callId), type: "function", function: { name: String(name), arguments: text } };
}

function textParts(text: string): ConversationPart[] {
  return text === "" ? [] : [{ type: "text", text }];
}
