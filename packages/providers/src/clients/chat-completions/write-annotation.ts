import type { Citation } from "../../events/model-event.ts";

/** A page as OpenAI tells it: clients refuse an answer in which one of these is missing. */
interface UrlCitation {
  readonly url: string;
  readonly title: string;
  readonly start_index: number;
  readonly end_index: number;
}

/**
 * A citation in OpenAI's words, which know web pages alone. One of a document has an empty address, and what is known of it
 * beside that; a place in the text that nobody told is its beginning.
 */
export function chatAnnotation({ url, title, text, start, end }: Citation): object {
  const place = { start_index: start ?? 0, end_index: end ?? start ?? 0 };
  const page: UrlCitation = { url: url ?? "", title: title ?? url ?? "", ...place };
  const document = { title, text, ...(start === null ? {} : place) };
  return { type: "url_citation", url_citation: page, ...(url === null ? { document_citation: document } : {}) };
}

/** A part of an answer that is no text, such as Mistral's references, where the text had come so far. */
export function partAnnotation(part: Readonly<Record<string, unknown>>, at: number): object {
  const { url, title } = part;
  const page: UrlCitation = {
    url: typeof url === "string" ? url : "",
    title: typeof title === "string" ? title : "",
    start_index: at,
    end_index: at,
  };
  return { type: "url_citation", url_citation: page, part };
}
