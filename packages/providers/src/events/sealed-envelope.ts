/**
 * Reasoning that only its own provider can read, on its way through a client of another protocol: such a client knows
 * opaque texts (a signature, encrypted content), so the block travels inside one, marked as ours. It is no signature of
 * anybody's, and is taken out before a provider sees it.
 */
import { isFields } from "../json/field-reader.ts";
import type { SealedReasoning } from "./model-event.ts";

const mark = "switchyard.";

/** Reasoning that was never sealed; its text stands beside the envelope. */
export const plainReasoning: SealedReasoning = { format: "plain", type: "thinking" };

export function writeEnvelope(block: SealedReasoning): string {
  return mark + JSON.stringify(block);
}

export function isEnvelope(text: unknown): text is string {
  return typeof text === "string" && text.startsWith(mark);
}

/** What an envelope holds; null for what is none, or was changed on its way. */
export function readEnvelope(text: unknown): SealedReasoning | null {
  if (!isEnvelope(text)) return null;
  try {
    const block: unknown = JSON.parse(text.slice(mark.length));
    const isBlock = isFields(block) && typeof block["format"] === "string" && typeof block["type"] === "string";
    return isBlock ? (block as unknown as SealedReasoning) : null;
  } catch {
    return null;
  }
}
