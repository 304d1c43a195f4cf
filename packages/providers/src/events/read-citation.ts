import { isFields } from "../json/field-reader.ts";
import type { Citation, ModelEvent } from "./model-event.ts";

/** A citation of what is known of it; values that are not of the kind that they should be count as unknown. */
export function citationEvent(told: { readonly [member in keyof Citation]?: unknown }): ModelEvent {
  const { url, title, text, start, end } = told;
  return {
    type: "citation",
    citation: {
      url: textOrNull(url),
      title: textOrNull(title),
      text: textOrNull(text),
      start: numberOrNull(start),
      end: numberOrNull(end),
    },
  };
}

/** The objects of a list, as far as it is one. */
export function fieldsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
