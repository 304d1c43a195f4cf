import type { Operation } from "@switchyard/api-contract/operation";
import { callOperation, type OperationInput } from "./call-operation.ts";

const pageSize = 200;
/** More than a list for choosing from should hold; beyond it, search is the way. */
const mostPages = 10;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Follows a keyset list to its end, for lists that are short by nature (teams, routes, connections). */
export async function everyPage<Item>(
  operation: Operation,
  query: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const input = { signal, query: { ...query, limit: pageSize, ...(cursor === null ? {} : { cursor }) } };
    const { data } = await callOperation(operation, input as OperationInput<Operation>);
    const answer = data as Page<Item>;
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return items;
}
