import { isFields } from "../json/field-reader.ts";

/** An object without figures tells nothing, and neither does a total of none without its parts. */
export function toldUsage(usage: unknown): unknown {
  const isSilent = isFields(usage) && !tellsParts(usage) && !Object.values(usage).some(Boolean);
  return isSilent ? undefined : (usage ?? undefined);
}

function tellsParts({
  prompt_tokens: prompt,
  completion_tokens: completion,
}: Readonly<Record<string, unknown>>): boolean {
  return (prompt ?? completion ?? null) !== null;
}
