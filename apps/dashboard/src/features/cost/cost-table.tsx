"use client";
import { UnstyledButton } from "@mantine/core";
import type { CostDimension, CostReport } from "@switchyard/api-contract/reports";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { IconSortAscending, IconSortDescending } from "@tabler/icons-react";
import { useState } from "react";
import { Money } from "../../ui/money.tsx";
import { showCount, showShare } from "../../ui/quantities.ts";
import { ChangeAgainst } from "./change-against.tsx";
import { CostRow, unknown } from "./cost-row.tsx";
import classes from "./cost.module.css";
import { dimensionNames, requestsUrl } from "./dimensions.ts";
import { sortRows, visibleRows, type PivotRow, type Sort, type SortColumn } from "./pivot.ts";

interface CostTableProps {
  readonly report: CostReport;
  readonly rows: readonly PivotRow[];
  readonly dimensions: readonly CostDimension[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly isStale: boolean;
}

/** With more rows than this, groups start closed. */
const mostOpenRows = 80;

/** The pivot as a tree with subtotals; its last row is the ledger's sum, whatever the rows add up to. */
export function CostTable({ report, rows, dimensions, sort, onSort, isStale }: CostTableProps) {
  const startsOpen = report.rows.length <= mostOpenRows;
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const isOpen = (row: PivotRow) => row.children.length > 0 && toggled.has(row.path) !== startsOpen;
  const toggle = ({ path }: PivotRow) => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  const total = parseUsd(report.totalUsd);
  const isCompared = report.previousTotalUsd !== null;
  const label = dimensions.map((dimension) => dimensionNames[dimension]).join(" › ");
  return (
    <section
      className={classes.frame}
      data-stale={isStale || undefined}
      // The frame scrolls sideways, so it has to be reachable without a mouse.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label="Cost, scrolls sideways"
    >
      <table className={classes.table} aria-label={`Cost by ${label}`}>
        <thead>
          <tr>
            <SortHeading by="name" label={label} sort={sort} onSort={onSort} />
            <SortHeading by="cost" label="Cost" sort={sort} onSort={onSort} />
            <th scope="col">Share</th>
            {isCompared && (
              <>
                <SortHeading by="previous" label="Before" sort={sort} onSort={onSort} />
                <SortHeading by="change" label="Change" sort={sort} onSort={onSort} />
              </>
            )}
            <SortHeading by="requests" label="Requests" sort={sort} onSort={onSort} />
            <SortHeading by="tokens" label="Tokens" sort={sort} onSort={onSort} />
          </tr>
        </thead>
        <tbody>
          {visibleRows(sortRows(rows, sort), isOpen).map((row) => (
            <CostRow
              key={row.path}
              row={row}
              total={total}
              isCompared={isCompared}
              isTree={dimensions.length > 1}
              isOpen={isOpen(row)}
              onToggle={() => toggle(row)}
              requestsHref={requestsUrl(row.keys, dimensions, report)}
            />
          ))}
        </tbody>
        <Totals report={report} rows={rows} isTagged={dimensions[0] === "tag"} />
      </table>
    </section>
  );
}

function SortHeading({
  by,
  label,
  sort,
  onSort,
}: { by: SortColumn; label: string } & Pick<CostTableProps, "sort" | "onSort">) {
  const isActive = sort.by === by;
  const Arrow = sort.isDescending ? IconSortDescending : IconSortAscending;
  // Names read from A, amounts from the largest; pressing again turns round.
  const next = { by, isDescending: isActive ? !sort.isDescending : by !== "name" };
  return (
    <th scope="col" aria-sort={isActive ? (sort.isDescending ? "descending" : "ascending") : "none"}>
      <UnstyledButton className={classes.sort} data-active={isActive || undefined} onClick={() => onSort(next)}>
        {label}
        {isActive && <Arrow size={13} aria-hidden />}
      </UnstyledButton>
    </th>
  );
}

function Totals({ report, rows, isTagged }: Pick<CostTableProps, "report" | "rows"> & { isTagged: boolean }) {
  const requests = rows.map((row) => row.requests).filter((count) => count !== null);
  const isCounted = requests.length === rows.length && !isTagged;
  return (
    <tfoot>
      <tr>
        <th scope="row">Total</th>
        <td>
          <Money usd={report.totalUsd} />
        </td>
        <td>{showShare(1, 1)}</td>
        {report.previousTotalUsd !== null && (
          <>
            <td>
              <Money usd={report.previousTotalUsd} />
            </td>
            <td>
              <ChangeAgainst cost={parseUsd(report.totalUsd)} previous={parseUsd(report.previousTotalUsd)} />
            </td>
          </>
        )}
        <td>{isCounted ? showCount(requests.reduce((sum, count) => sum + count, 0)) : unknown}</td>
        <td>{isTagged ? unknown : showCount(rows.reduce((sum, { tokens }) => sum + tokens, 0n))}</td>
      </tr>
    </tfoot>
  );
}
