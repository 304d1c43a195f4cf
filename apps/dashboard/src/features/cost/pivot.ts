/** A cost report's flat rows as a tree of its dimensions, with subtotals. Money is integers from end to end. */
import type { CostDimension, CostReport } from "@switchyard/api-contract/reports";
import { parseUsd, picoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";

type Cell = CostReport["rows"][number];
type Key = Cell["keys"][number];

export interface PivotRow {
  /** Unique in the tree, and the same in the next report. */
  readonly path: string;
  readonly depth: number;
  readonly keys: readonly Key[];
  readonly name: string;
  readonly cost: PicoUsd;
  /** Null where nothing is compared. */
  readonly previous: PicoUsd | null;
  /** Null where calls cannot be counted: one call counts in several of the rows below. */
  readonly requests: number | null;
  readonly tokens: bigint;
  /** False where a call's cost is in several of the rows below, so that their sum is not the row's. */
  readonly costAddsUp: boolean;
  readonly children: readonly PivotRow[];
}

export function pivot(cells: readonly Cell[], dimensions: readonly CostDimension[]): PivotRow[] {
  return group(cells, dimensions, 0);
}

function group(cells: readonly Cell[], dimensions: readonly CostDimension[], depth: number): PivotRow[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const id = idOf(cell.keys[depth]);
    const members = groups.get(id);
    if (members) members.push(cell);
    else groups.set(id, [cell]);
  }
  return [...groups.values()].map((members) => rowOf(members, dimensions, depth));
}

function rowOf(cells: readonly Cell[], dimensions: readonly CostDimension[], depth: number): PivotRow {
  const keys = cells[0]?.keys.slice(0, depth + 1) ?? [];
  const below = dimensions.slice(depth + 1);
  let cost = 0n;
  let previous = 0n;
  let isCompared = false;
  const costAddsUp = !below.includes("tag");
  let requests: number | null = costAddsUp ? 0 : null;
  let tokens = 0n;
  for (const cell of cells) {
    cost += parseUsd(cell.costUsd);
    requests = requests === null || cell.requests === null ? null : requests + cell.requests;
    tokens += BigInt(cell.tokens);
    if (cell.previousCostUsd === null) continue;
    previous += parseUsd(cell.previousCostUsd);
    isCompared = true;
  }
  return {
    path: keys.map(idOf).join("\u0000"),
    depth,
    keys,
    name: keys[depth]?.name ?? "",
    cost: picoUsd(cost),
    previous: isCompared ? picoUsd(previous) : null,
    requests,
    tokens,
    costAddsUp,
    children: below.length > 0 ? group(cells, dimensions, depth + 1) : [],
  };
}

function idOf(key: Key | undefined): string {
  // No id can hold a control character, so "none" cannot collide with one.
  return key?.id ?? "\u0001none";
}

export const sortColumns = ["name", "requests", "tokens", "cost", "previous", "change"] as const;
export type SortColumn = (typeof sortColumns)[number];

export interface Sort {
  readonly by: SortColumn;
  readonly isDescending: boolean;
}

/** Change against the period before, as a share of it; null where there is nothing to compare with. */
export function changeOf(cost: PicoUsd, previous: PicoUsd | null): number | null {
  if (previous === null || previous === 0n) return null;
  return Number(((cost - previous) * 10_000n) / previous) / 10_000;
}

/** Sorts every level by itself; groups stay together. */
export function sortRows(rows: readonly PivotRow[], sort: Sort): PivotRow[] {
  const direction = sort.isDescending ? -1 : 1;
  return rows
    .map((row) => ({ ...row, children: sortRows(row.children, sort) }))
    .toSorted((left, right) => direction * compare(left, right, sort.by) || left.name.localeCompare(right.name));
}

function compare(left: PivotRow, right: PivotRow, by: SortColumn): number {
  if (by === "name") return left.name.localeCompare(right.name);
  const [a, b] = [valueOf(left, by), valueOf(right, by)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function valueOf(row: PivotRow, by: Exclude<SortColumn, "name">): number | bigint {
  if (by === "change") return changeOf(row.cost, row.previous) ?? Number.NEGATIVE_INFINITY;
  return row[by] ?? 0;
}

/** The rows that show: every one whose groups are all open. */
export function visibleRows(rows: readonly PivotRow[], isOpen: (row: PivotRow) => boolean): PivotRow[] {
  return rows.flatMap((row) => [row, ...(isOpen(row) ? visibleRows(row.children, isOpen) : [])]);
}
