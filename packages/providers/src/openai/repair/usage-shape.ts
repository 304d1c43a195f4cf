import { openAiUsage } from "../../clients/chat-completions/write-usage.ts";
import { isFields } from "../../json/field-reader.ts";
import type { UsageReading } from "../../provider-codec.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Usage as OpenAI counts it, with what the server told besides; null where its own figures say the same already. Where
 * servers leave reasoning out of the completion, or tell of the cache elsewhere, a client would add up wrongly.
 */
export function reshapeUsage(raw: unknown, reading: UsageReading): Fields | null {
  if (reading.kind !== "usable" || !isFields(raw)) return null;
  const shape = openAiUsage(reading.usage) as Fields;
  const changed = Object.keys(shape).filter((name) => !says(raw[name], shape[name]));
  if (changed.length === 0) return null;
  const reshaped: Record<string, unknown> = { ...raw };
  for (const name of changed) {
    const details = shape[name];
    reshaped[name] = isFields(details) ? { ...(isFields(raw[name]) ? raw[name] : {}), ...details } : details;
  }
  return reshaped;
}

/** Whether the server's own member tells what is wanted; details that would be nothing may be missing. */
function says(told: unknown, wanted: unknown): boolean {
  if (!isFields(wanted)) return told === wanted;
  const details = isFields(told) ? told : {};
  return Object.entries(wanted).every(([name, value]) => (details[name] ?? 0) === value);
}
