import type { Citation } from "../events/model-event.ts";
import { fieldsIn } from "../events/read-citation.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The pages that a search model has read, which Perplexity tells beside the choices, in a stream with every chunk: with
 * titles, or as links alone.
 */
export function readSources({ search_results: results, citations }: Fields): readonly Citation[] {
  const titles = new Map<string, string | null>();
  for (const { url, title } of fieldsIn(results)) {
    if (typeof url === "string" && url !== "") titles.set(url, typeof title === "string" ? title : null);
  }
  for (const url of (Array.isArray(citations) ? citations : []) as readonly unknown[]) {
    if (typeof url === "string" && url !== "" && !titles.has(url)) titles.set(url, null);
  }
  return [...titles].map(([url, title]) => ({ url, title, text: null, start: null, end: null }));
}
