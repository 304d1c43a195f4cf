/** The conversation: system texts apart, turns of one role merged, results of tools before all else in their turn. */
import { isFields } from "../json/field-reader.ts";
import { readToolArguments } from "../parameters/tool-arguments.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import { type Block, encodeContent, textBlocks } from "./encode-content.ts";
import type { ModelRule } from "./model-rules.ts";
import { ToolIds } from "../parameters/tool-ids.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: Block[];
}

export interface EncodedMessages {
  readonly system: readonly Block[];
  readonly messages: readonly Turn[];
  /** The latest turn of tools came from a model whose sealed thinking is not in the history. */
  readonly endsInToolTurn: boolean;
}

/** Reads `messages`; what has no equivalent is told to `notes`. Sealed reasoning of another `sealedFormat` is left out. */
export function encodeMessages(
  messages: unknown,
  rule: Pick<ModelRule, "prefill">,
  notes: TranslationNotes,
  sealedFormat = "anthropic",
): EncodedMessages {
  const conversation = new Conversation(notes, sealedFormat);
  for (const [index, message] of (Array.isArray(messages) ? messages : []).entries()) {
    if (isFields(message)) conversation.add(message, `messages[${index}]`);
  }
  const { system, turns, endsInToolTurn } = conversation;
  if (turns.at(-1)?.role === "assistant" && !rule.prefill) {
    notes.reject("messages", "A last message from the assistant, as the beginning of its answer,");
  }
  return { system, messages: turns, endsInToolTurn };
}

class Conversation {
  readonly system: Block[] = [];
  readonly turns: Turn[] = [];
  endsInToolTurn = false;
  readonly #notes: TranslationNotes;
  readonly #sealedFormat: string;
  readonly #toolIds = new ToolIds();

  constructor(notes: TranslationNotes, sealedFormat: string) {
    this.#notes = notes;
    this.#sealedFormat = sealedFormat;
  }

  add(message: Fields, path: string): void {
    const { role, content } = message;
    if (message["name"] !== undefined) this.#notes.warn("messages.name", "dropped");
    switch (role) {
      case "system":
      case "developer":
        this.#addInstruction(encodeContent(content, `${path}.content`, this.#notes));
        break;
      case "user":
        this.endsInToolTurn = false;
        this.#append("user", encodeContent(content, `${path}.content`, this.#notes));
        break;
      case "assistant":
        this.#append("assistant", this.#encodeAnswer(message, path));
        break;
      case "tool":
        this.#addResult(message, path);
        break;
      default:
        this.#notes.reject(`${path}.role`, `The role '${String(role).slice(0, 40)}'`);
    }
  }

  /** Later instructions stay in their place, since moving them to the top would change what they are about. */
  #addInstruction(blocks: readonly Block[]): void {
    if (this.turns.length === 0) {
      this.system.push(...blocks);
      return;
    }
    this.#notes.warn("messages.role", "changed");
    const marked = blocks.map((block) => ({ ...block, text: `<system>${String(block["text"])}</system>` }));
    this.#append("user", marked);
  }

  #encodeAnswer(message: Fields, path: string): Block[] {
    const { content, refusal, tool_calls: toolCalls, reasoning_details: details } = message;
    const thinking = (Array.isArray(details) ? details : []).flatMap((detail: unknown) =>
      sealedBlock(detail, this.#sealedFormat),
    );
    const calls = (Array.isArray(toolCalls) ? toolCalls : []).flatMap((call: unknown, index) =>
      this.#encodeCall(call, `${path}.tool_calls[${index}]`),
    );
    if (calls.length > 0) this.endsInToolTurn = thinking.length === 0;
    return [...thinking, ...encodeContent(content, `${path}.content`, this.#notes), ...textBlocks(refusal), ...calls];
  }

  #encodeCall(call: unknown, path: string): Block[] {
    const called = isFields(call) ? call["function"] : undefined;
    if (!isFields(call) || !isFields(called) || typeof called["name"] !== "string" || typeof call["id"] !== "string") {
      this.#notes.reject(path, "A tool call that is not of a function");
      return [];
    }
    const input = readToolArguments(called["arguments"]);
    if (input === null) this.#notes.warn(`${path}.function.arguments`, "changed");
    return [{ type: "tool_use", id: this.#toolIds.assign(call["id"]), name: called["name"], input: input ?? {} }];
  }

  #addResult(message: Fields, path: string): void {
    const { tool_call_id: callId, content, is_error: isError } = message;
    const id = typeof callId === "string" ? this.#toolIds.find(callId) : null;
    if (id === null) {
      this.#notes.refuse(`${path}.tool_call_id`, `'${path}.tool_call_id' names no tool call before it.`);
      return;
    }
    const blocks = encodeContent(content, `${path}.content`, this.#notes);
    const result = {
      type: "tool_result",
      tool_use_id: id,
      ...(blocks.length === 0 ? {} : { content: blocks }),
      ...(isError === true ? { is_error: true } : {}),
    };
    const turn = this.#turnOf("user");
    const firstOther = turn.content.findIndex((block) => block["type"] !== "tool_result");
    turn.content.splice(firstOther === -1 ? turn.content.length : firstOther, 0, result);
  }

  #append(role: Turn["role"], blocks: readonly Block[]): void {
    if (blocks.length > 0) this.#turnOf(role).content.push(...blocks);
  }

  #turnOf(role: Turn["role"]): Turn {
    const last = this.turns.at(-1);
    if (last?.role === role) return last;
    const turn: Turn = { role, content: [] };
    this.turns.push(turn);
    return turn;
  }
}

/** Reasoning goes back to its own provider only, unchanged. */
function sealedBlock(detail: unknown, format: string): Block[] {
  if (!isFields(detail) || detail["format"] !== format) return [];
  if (detail["type"] === "redacted_thinking") return [{ type: "redacted_thinking", data: detail["data"] }];
  if (detail["type"] !== "thinking" || typeof detail["signature"] !== "string") return [];
  return [{ type: "thinking", thinking: detail["text"], signature: detail["signature"] }];
}
