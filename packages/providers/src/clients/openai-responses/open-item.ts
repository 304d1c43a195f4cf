/** An item of an answer while it is written, and the events that tell of it. */
import type { SealedReasoning } from "../../events/model-event.ts";
import { writeEnvelope } from "../../events/sealed-envelope.ts";
import type { ResponseEvent } from "./response-event.ts";

export type ItemStatus = "in_progress" | "completed" | "incomplete";
export type TextKind = "output_text" | "refusal";

export interface OpenText {
  readonly kind: TextKind;
  text: string;
  readonly annotations: object[];
  readonly logprobs: object[];
}

export type OpenItem = { readonly index: number; readonly id: string } & (
  | { readonly type: "message"; readonly parts: object[]; open: OpenText | null }
  | { readonly type: "reasoning"; text: string }
  | { readonly type: "function_call"; readonly callId: string; readonly name: string; arguments: string }
);

type OpenMessage = Extract<OpenItem, { type: "message" }>;

export function openPart(item: OpenMessage, kind: TextKind): ResponseEvent[] {
  item.open = { kind, text: "", annotations: [], logprobs: [] };
  return [{ type: "response.content_part.added", ...partOf(item), part: textPart(item.open) }];
}

export function closePart(item: OpenMessage): ResponseEvent[] {
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

export function partOf({ id, index, parts }: OpenMessage): object {
  return { item_id: id, output_index: index, content_index: parts.length };
}

export function summaryOf({ id, index }: { readonly id: string; readonly index: number }): object {
  return { item_id: id, output_index: index, summary_index: 0 };
}

export function callItem(item: Extract<OpenItem, { type: "function_call" }>, status: ItemStatus): object {
  const { id, callId, name } = item;
  return { id, type: "function_call", status, call_id: callId, name, arguments: item.arguments };
}

/** The events by which an item ends, and what it is in the finished response. */
export function closeItem(
  item: OpenItem,
  status: ItemStatus,
  seal: SealedReasoning,
): { readonly events: readonly ResponseEvent[]; readonly done: object } {
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
  return { events, done };
}
