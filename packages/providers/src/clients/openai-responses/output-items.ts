/**
 * The items of an answer, one after the other: an item is closed before the next begins. Every step gives the events by
 * which a stream tells it, without their numbers.
 */
import type { Citation, SealedReasoning, TokenLogprob } from "../../events/model-event.ts";
import { plainReasoning, writeEnvelope } from "../../events/sealed-envelope.ts";
import { writeToken } from "../chat-completions/write-logprobs.ts";
import {
  callItem,
  closeItem,
  closePart,
  type ItemStatus,
  type OpenItem,
  openPart,
  type OpenText,
  partOf,
  summaryOf,
  type TextKind,
} from "./open-item.ts";
import type { ResponseEvent } from "./response-event.ts";

/** More pages than any answer is made of. */
const mostCited = 1_000;

export class OutputItems {
  readonly #ids: string;
  /** Closed items, as they are in the finished response. */
  readonly output: object[] = [];
  #open: OpenItem | null = null;
  /** Tokens of the text that is yet to come. */
  #expected: readonly TokenLogprob[] = [];
  /** What it will cite: some servers tell the pages before the text. */
  #cited: Citation[] = [];

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
    if (item.open?.kind !== kind) {
      events.push(...closePart(item), ...openPart(item, kind));
      if (kind === "output_text") events.push(...this.#takeCited());
    }
    if (item.open !== null) item.open.text += delta;
    const more = kind === "output_text" ? { logprobs: this.#takeLogprobs(item.open) } : {};
    events.push({ type: `response.${kind}.delta`, ...partOf(item), delta, ...more });
    return events;
  }

  #takeCited(): ResponseEvent[] {
    const cited = this.#cited;
    this.#cited = [];
    return cited.flatMap((citation) => this.annotate(citation));
  }

  #takeLogprobs(open: OpenText | null): object[] {
    const logprobs = this.#expected.map(writeToken);
    this.#expected = [];
    open?.logprobs.push(...logprobs);
    return logprobs;
  }

  /** A web page that the text cites, the open one or the next; this protocol has no words for other sources. */
  annotate(citation: Citation): ResponseEvent[] {
    const { url, title, start, end } = citation;
    const item = this.#open;
    if (url === null) return [];
    if (item?.type !== "message" || item.open?.kind !== "output_text") {
      if (this.#cited.length < mostCited) this.#cited.push(citation);
      return [];
    }
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
    const { events, done } = closeItem(item, status, seal);
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
