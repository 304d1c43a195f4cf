/**
 * The items of an answer, one after the other: an item is closed before the next begins. Every step gives the events by
 * which a stream tells it, without their numbers.
 */
import type { Citation, SealedReasoning, TokenLogprob } from "../../events/model-event.ts";
import { plainReasoning, writeEnvelope } from "../../events/sealed-envelope.ts";
import { writeToken } from "../chat-completions/write-logprobs.ts";

export type ResponseEvent = Readonly<Record<string, unknown>> & { readonly type: string };

type ItemStatus = "in_progress" | "completed" | "incomplete";
type TextKind = "output_text" | "refusal";

interface OpenText {
  readonly kind: TextKind;
  text: string;
  readonly annotations: object[];
  readonly logprobs: object[];
}

type OpenItem = { readonly index: number; readonly id: string } & (
  | { readonly type: "message"; readonly parts: object[]; open: OpenText | null }
  | { readonly type: "reasoning"; text: string }
  | { readonly type: "function_call"; readonly callId: string; readonly name: string; arguments: string }
);

export class OutputItems {
  readonly #ids: string;
  /** Closed items, as they are in the finished response. */
  readonly output: object[] = [];
  #open: OpenItem | null = null;
  /** Tokens of the text that is yet to come. */
  #expected: readonly TokenLogprob[] = [];

  /** `ids` is what makes the ids of items unlike those of other responses. */
  constructor(ids: string) {
    this.#ids = ids;
  }

  expect(tokens: readonly TokenLogprob[]): void {
    this.#expected = [...this.#expected, ...tokens];
  }

  text(kind: TextKind, delta: string): ResponseEvent[] {
    const events = this.#open?.type === "message" ? [] : this.#startMessage();
    const item = this.#open;
    if (item?.type !== "message") return events;
    if (item.open?.kind !== kind) events.push(...closePart(item), ...openPart(item, kind));
    if (item.open !== null) item.open.text += delta;
    const more = kind === "output_text" ? { logprobs: this.#takeLogprobs(item.open) } : {};
    events.push({ type: `response.${kind}.delta`, ...partOf(item), delta, ...more });
    return events;
  }

  #takeLogprobs(open: OpenText | null): object[] {
    const logprobs = this.#expected.map(writeToken);
    this.#expected = [];
    open?.logprobs.push(...logprobs);
    return logprobs;
  }

  /** A web page that the open text cites; this protocol has no words for other sources. */
  annotate({ url, title, start, end }: Citation): ResponseEvent[] {
    const item = this.#open;
    if (item?.type !== "message" || item.open?.kind !== "output_text" || url === null) return [];
    const { text, annotations } = item.open;
    const place = { start_index: start ?? 0, end_index: end ?? text.length };
    const annotation = { type: "url_citation", url, title: title ?? url, ...place };
    const event = {
      type: "response.output_text.annotation.added",
      ...partOf(item),
      annotation_index: annotations.length,
      annotation,
    };
    annotations.push(annotation);
    return [event];
  }

  /** An item of its own, which is what this protocol's own tool for pictures leaves behind. */
  picture(result: string): ResponseEvent[] {
    const closed = this.close();
    const output_index = this.output.length;
    const item = { id: `ig_${this.#ids}_${output_index}`, type: "image_generation_call" };
    const done = { ...item, status: "completed", result };
    this.output.push(done);
    return [
      ...closed,
      { type: "response.output_item.added", output_index, item: { ...item, status: "in_progress", result: null } },
      { type: "response.output_item.done", output_index, item: done },
    ];
  }

  reasoning(delta: string): ResponseEvent[] {
    const events = this.#open?.type === "reasoning" ? [] : this.#startReasoning();
    const item = this.#open;
    if (item?.type !== "reasoning") return events;
    item.text += delta;
    return [...events, { type: "response.reasoning_summary_text.delta", ...summaryOf(item), delta }];
  }

  /** A block that only its provider can read: the end of the reasoning that is open, or an item of its own. */
  seal(block: SealedReasoning): ResponseEvent[] {
    if (block.type !== "thinking") {
      const closed = this.close();
      const item = { id: `rs_${this.#ids}_${this.output.length}`, type: "reasoning", summary: [] };
      const output_index = this.output.length;
      const done = { ...item, encrypted_content: writeEnvelope(block), status: "completed" };
      this.output.push(done);
      return [
        ...closed,
        { type: "response.output_item.added", output_index, item },
        { type: "response.output_item.done", output_index, item: done },
      ];
    }
    const started = this.#open?.type === "reasoning" ? [] : this.#startReasoning();
    // The text has been told already, piece by piece.
    const { text: _text, ...seal } = block;
    return [...started, ...this.close("completed", seal)];
  }

  startCall(callId: string, name: string): ResponseEvent[] {
    const closed = this.close();
    const index = this.output.length;
    const item = { index, id: `fc_${this.#ids}_${index}`, type: "function_call" as const, callId, name, arguments: "" };
    this.#open = item;
    return [
      ...closed,
      { type: "response.output_item.added", output_index: index, item: callItem(item, "in_progress") },
    ];
  }

  extendCall(delta: string): ResponseEvent[] {
    const item = this.#open;
    if (item?.type !== "function_call") return [];
    item.arguments += delta;
    return [{ type: "response.function_call_arguments.delta", item_id: item.id, output_index: item.index, delta }];
  }

  /** Closes the open item, if there is one. */
  close(status: ItemStatus = "completed", seal: SealedReasoning = plainReasoning): ResponseEvent[] {
    const item = this.#open;
    if (item === null) return [];
    this.#open = null;
    const events: ResponseEvent[] = [];
    let done: object;
    switch (item.type) {
      case "message":
        events.push(...closePart(item));
        done = { id: item.id, type: "message", status, role: "assistant", content: item.parts };
        break;
      case "reasoning": {
        const part = { type: "summary_text", text: item.text };
        events.push(
          { type: "response.reasoning_summary_text.done", ...summaryOf(item), text: item.text },
          { type: "response.reasoning_summary_part.done", ...summaryOf(item), part },
        );
        done = { id: item.id, type: "reasoning", summary: [part], encrypted_content: writeEnvelope(seal), status };
        break;
      }
      case "function_call":
        events.push({
          type: "response.function_call_arguments.done",
          item_id: item.id,
          output_index: item.index,
          name: item.name,
          arguments: item.arguments,
        });
        done = callItem(item, status);
    }
    this.output.push(done);
    return [...events, { type: "response.output_item.done", output_index: item.index, item: done }];
  }

  #startMessage(): ResponseEvent[] {
    const closed = this.close();
    const index = this.output.length;
    const id = `msg_${this.#ids}_${index}`;
    this.#open = { index, id, type: "message", parts: [], open: null };
    const item = { id, type: "message", status: "in_progress", role: "assistant", content: [] };
    return [...closed, { type: "response.output_item.added", output_index: index, item }];
  }

  #startReasoning(): ResponseEvent[] {
    const closed = this.close();
    const index = this.output.length;
    const id = `rs_${this.#ids}_${index}`;
    const open = { index, id, type: "reasoning" as const, text: "" };
    this.#open = open;
    return [
      ...closed,
      { type: "response.output_item.added", output_index: index, item: { id, type: "reasoning", summary: [] } },
      {
        type: "response.reasoning_summary_part.added",
        ...summaryOf(open),
        part: { type: "summary_text", text: "" },
      },
    ];
  }
}

type OpenMessage = Extract<OpenItem, { type: "message" }>;

function openPart(item: OpenMessage, kind: TextKind): ResponseEvent[] {
  item.open = { kind, text: "", annotations: [], logprobs: [] };
  return [{ type: "response.content_part.added", ...partOf(item), part: textPart(item.open) }];
}

function closePart(item: OpenMessage): ResponseEvent[] {
  const { open } = item;
  if (open === null) return [];
  const { kind, text, logprobs } = open;
  const place = partOf(item);
  const part = textPart(open);
  item.parts.push(part);
  item.open = null;
  const whole = kind === "output_text" ? { text, logprobs: [...logprobs] } : { refusal: text };
  return [
    { type: `response.${kind}.done`, ...place, ...whole },
    { type: "response.content_part.done", ...place, part },
  ];
}

function textPart({ kind, text, annotations, logprobs }: OpenText): object {
  return kind === "output_text"
    ? { type: kind, text, annotations: [...annotations], logprobs: [...logprobs] }
    : { type: kind, refusal: text };
}

function partOf({ id, index, parts }: OpenMessage): object {
  return { item_id: id, output_index: index, content_index: parts.length };
}

function summaryOf({ id, index }: { readonly id: string; readonly index: number }): object {
  return { item_id: id, output_index: index, summary_index: 0 };
}

function callItem(item: Extract<OpenItem, { type: "function_call" }>, status: ItemStatus): object {
  const { id, callId, name } = item;
  return { id, type: "function_call", status, call_id: callId, name, arguments: item.arguments };
}
