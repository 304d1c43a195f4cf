import { ActionIcon, Text, UnstyledButton } from "@mantine/core";
import { formatUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import { IconChevronRight, IconListSearch } from "@tabler/icons-react";
import Link from "next/link";
import { Money } from "../../ui/money.tsx";
import { showCount, showShare } from "../../ui/quantities.ts";
import { ChangeAgainst } from "./change-against.tsx";
import classes from "./cost.module.css";
import type { PivotRow } from "./pivot.ts";

export const unknown = "–";

interface CostRowProps {
  readonly row: PivotRow;
  readonly total: PicoUsd;
  readonly isCompared: boolean;
  /** Whether any row of the table has rows below it. */
  readonly isTree: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** The list of the calls that it sums; null where there is no such list. */
  readonly requestsHref: string | null;
}

export function CostRow({ row, total, isCompared, ...name }: CostRowProps) {
  const { cost, previous, costAddsUp } = row;
  return (
    <tr>
      <th scope="row">
        <RowName row={row} {...name} />
      </th>
      <td>{costAddsUp ? <Pico amount={cost} /> : unknown}</td>
      <td>{costAddsUp ? showPart(cost, total) : unknown}</td>
      {isCompared && (
        <>
          <td>{costAddsUp && previous !== null ? <Pico amount={previous} /> : unknown}</td>
          <td>{costAddsUp ? <ChangeAgainst cost={cost} previous={previous} /> : unknown}</td>
        </>
      )}
      <td>{row.requests === null ? unknown : showCount(row.requests)}</td>
      <td>{costAddsUp ? showCount(row.tokens) : unknown}</td>
    </tr>
  );
}

function RowName({ row, isTree, isOpen, onToggle, requestsHref }: Omit<CostRowProps, "total" | "isCompared">) {
  const isGroup = row.children.length > 0;
  const indent = row.depth * 18 + (isTree && !isGroup ? 18 : 0);
  const name = (
    <Text span inherit truncate fw={isGroup ? 500 : 400}>
      {row.name}
    </Text>
  );
  return (
    <div className={classes.name} style={{ paddingLeft: indent }}>
      {isGroup ? (
        <UnstyledButton className={classes.toggle} aria-expanded={isOpen} onClick={onToggle}>
          <IconChevronRight size={14} aria-hidden />
          {name}
        </UnstyledButton>
      ) : (
        name
      )}
      {requestsHref !== null && (
        <ActionIcon
          component={Link}
          href={requestsHref}
          size="xs"
          variant="subtle"
          color="gray"
          aria-label={`Requests of ${row.keys.map((key) => key.name).join(", ")}`}
        >
          <IconListSearch size={13} aria-hidden />
        </ActionIcon>
      )}
    </div>
  );
}

function Pico({ amount }: { amount: PicoUsd }) {
  return <Money usd={formatUsd(amount)} />;
}

const steps = 100_000n;

function showPart(part: PicoUsd, whole: PicoUsd): string {
  return whole > 0n ? showShare(Number((part * steps) / whole), Number(steps)) : unknown;
}
