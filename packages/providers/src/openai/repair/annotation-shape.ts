import { isFields } from "../../json/field-reader.ts";

type Fields = Record<string, unknown>;

/**
 * OpenAI annotates with pages alone and tells all there is to know of each: clients refuse a whole answer for one that is
 * anything else. What is no page, such as a file that a router has read, goes to `other_annotations`. True where
 * something was not as OpenAI writes it.
 */
export function shapeAnnotations(message: Fields): boolean {
  const { annotations } = message;
  if (!Array.isArray(annotations)) return false;
  const told: readonly unknown[] = annotations;
  if (told.every(isWhole)) return false;
  const others = told.filter((annotation) => citedPage(annotation) === null);
  message["annotations"] = told.flatMap((annotation) => {
    const page = citedPage(annotation);
    return page === null ? [] : [isWhole(annotation) ? annotation : wholeCitation(page)];
  });
  if (others.length > 0) message["other_annotations"] = others;
  return true;
}

/** The page that an annotation cites, told in a member of its own or beside its type; null for what cites none. */
export function citedPage(annotation: unknown): Readonly<Fields> | null {
  if (!isFields(annotation) || annotation["type"] !== "url_citation") return null;
  const { url_citation: page } = annotation;
  if (isFields(page)) return page;
  const { type: _type, ...beside } = annotation;
  return typeof beside["url"] === "string" ? beside : null;
}

function isWhole(annotation: unknown): boolean {
  const page = isFields(annotation) && isFields(annotation["url_citation"]) ? citedPage(annotation) : null;
  if (page === null) return false;
  const { url, title, start_index: start, end_index: end } = page;
  return typeof url === "string" && typeof title === "string" && typeof start === "number" && typeof end === "number";
}

/** A place in the text that nobody told is its beginning. */
function wholeCitation(page: Readonly<Fields>): object {
  const url = typeof page["url"] === "string" ? page["url"] : "";
  const title = typeof page["title"] === "string" ? page["title"] : url;
  const start = typeof page["start_index"] === "number" ? page["start_index"] : 0;
  const end = typeof page["end_index"] === "number" ? page["end_index"] : start;
  return { type: "url_citation", url_citation: { ...page, url, title, start_index: start, end_index: end } };
}
