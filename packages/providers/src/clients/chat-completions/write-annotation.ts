import type { Citation } from "../../events/model-event.ts";

/** A citation in OpenAI's words, which know web pages; one of a document keeps what is known of it under its own type. */
export function chatAnnotation({ url, title, text, start, end }: Citation): object {
  const place = { ...(start === null ? {} : { start_index: start }), ...(end === null ? {} : { end_index: end }) };
  return url === null
    ? { type: "document_citation", document_citation: { title, text, ...place } }
    : { type: "url_citation", url_citation: { url, title: title ?? url, ...place } };
}
