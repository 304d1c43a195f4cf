import { z } from "zod";
import type { Ledger } from "../ledger/ledger.ts";
import type { ControlRoute } from "./control-route.ts";
import { parseInput } from "./parse-input.ts";

const MOST_ENTRIES_PER_REPLY = 10_000;

const querySchema = z.strictObject({
  provider: z.string().optional(),
  model: z.string().optional(),
  attemptId: z.string().optional(),
  since: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(0).max(MOST_ENTRIES_PER_REPLY).default(1_000),
});

/** Reads and clears the ledger. `nextSince` is the `since` of the next page, null on the last one. */
export function ledgerRoutes(ledger: Ledger): ControlRoute[] {
  return [
    {
      method: "GET",
      pattern: /^ledger$/,
      run: ({ query }) => {
        const { limit, ...filter } = parseInput(querySchema, query, "query");
        const entries = ledger.entries(filter, limit);
        const nextSince = entries.length === limit ? (entries.at(-1)?.sequence ?? null) : null;
        return {
          status: 200,
          body: { entries, nextSince, totals: ledger.totals(filter), evictedEntries: ledger.evictedEntries },
        };
      },
    },
    {
      method: "DELETE",
      pattern: /^ledger$/,
      run: () => {
        ledger.clear();
        return { status: 204 };
      },
    },
  ];
}
