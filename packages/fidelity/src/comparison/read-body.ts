import type { Json } from "./json-differences.ts";

/** A body as it can be compared: JSON, the list of a stream's events, or the text where it is neither. */
export function readBody(contentType: string, body: string): Json {
  if (contentType.toLowerCase().startsWith("text/event-stream")) return readEvents(body);
  return parse(body);
}

/** The events of a stream of server-sent events in order; comments and blank lines carry nothing. */
function readEvents(body: string): Json[] {
  return body.split(/\r\n\r\n|\n\n|\r\r/).flatMap((block): Json[] => {
    const lines = block.split(/\r\n|\n|\r/).filter((line) => line !== "" && !line.startsWith(":"));
    if (lines.length === 0) return [];
    const data = lines.flatMap((line) => (line.startsWith("data:") ? [line.slice(5).replace(/^ /, "")] : []));
    const others = lines.filter((line) => !line.startsWith("data:"));
    return [{ ...(others.length === 0 ? {} : { fields: others }), data: parse(data.join("\n")) }];
  });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text, keepLargeIntegers) as Json;
  } catch {
    return text;
  }
}

// An integer that a double cannot hold is compared by its digits.
function keepLargeIntegers(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
}
