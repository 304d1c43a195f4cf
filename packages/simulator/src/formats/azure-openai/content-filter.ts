const CATEGORIES = ["hate", "self_harm", "sexual", "violence"];

/** What the filters found in an answer, category by category. */
export function filterResults(isFiltered: boolean): object {
  return Object.fromEntries(
    CATEGORIES.map((category) => {
      const isMeant = isFiltered && category === "violence";
      return [category, { filtered: isMeant, severity: isMeant ? "medium" : "safe" }];
    }),
  );
}

/** What the filters found in a prompt that they let pass. */
export const promptFilterResults = [{ prompt_index: 0, content_filter_results: filterResults(false) }];
