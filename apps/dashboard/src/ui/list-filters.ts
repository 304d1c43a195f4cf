/** A keyset list's state in the URL: its filters, and the cursor (`after`) of the page that is shown. */
import { parseAsString, useQueryStates, type UseQueryStatesKeysMap, type Values } from "nuqs";
import { useState } from "react";

export interface Pager {
  readonly cursor: string | null;
  readonly toNext: (cursor: string) => void;
  /** Null on the first page. A page that was opened by its address knows only the way to the first one. */
  readonly toPrevious: (() => void) | null;
}

const after = parseAsString.withOptions({ history: "push", scroll: true });

/** Filters and the page of a list. Setting a filter goes back to the first page. */
export function useListFilters<Parsers extends UseQueryStatesKeysMap>(parsers: Parsers) {
  const [filters, setFilters] = useQueryStates(parsers);
  const [{ after: cursor }, setCursor] = useQueryStates({ after });
  const [trail, setTrail] = useState<readonly (string | null)[]>([null]);
  const position = trail.indexOf(cursor);

  const pager: Pager = {
    cursor,
    toNext: (next) => {
      setTrail([...(position === -1 ? [null, cursor] : trail.slice(0, position + 1)), next]);
      void setCursor({ after: next });
    },
    toPrevious:
      cursor === null ? null : () => void setCursor({ after: position > 0 ? (trail[position - 1] ?? null) : null }),
  };
  const change = (fields: Partial<Values<Parsers>>) => {
    setTrail([null]);
    void setCursor({ after: null }, { history: "replace" });
    void setFilters(fields as Parameters<typeof setFilters>[0]);
  };
  return { filters, change, pager };
}
