import { Text, Tooltip } from "@mantine/core";
import { explainSplit } from "@switchyard/policy-engine/routing/explain-split";
import classes from "./routes.module.css";

export interface SplitTarget {
  readonly key: string;
  readonly label: string;
  readonly weight: number;
  readonly enabled: boolean;
}

const shades = [8, 6, 4, 9, 5, 3, 7];

/** A share in words: exact to two decimals, with a sign where it is not. */
export function showSplitShare(share: number): string {
  const percent = share * 100;
  const rounded = Math.round(percent * 100) / 100;
  return `${Math.abs(rounded - percent) > 1e-9 ? "≈ " : ""}${rounded.toLocaleString("en-US")} %`;
}

export function splitOf(targets: readonly SplitTarget[]) {
  const shares = explainSplit(targets.map(({ key, weight, enabled }) => ({ targetId: key, weight, enabled })));
  return targets.map((target, index) => ({
    ...target,
    share: shares[index]?.share ?? 0,
    colour: `var(--mantine-color-signal-${shades[index % shades.length]})`,
  }));
}

/** How a route's first choices divide, drawn to scale. */
export function SplitBar({ targets }: { targets: readonly SplitTarget[] }) {
  const parts = splitOf(targets).filter((part) => part.share > 0);
  const summary = parts.map((part) => `${part.label} ${showSplitShare(part.share)}`).join(", ");
  if (parts.length === 0) {
    return (
      <Text size="xs" c="red">
        No target can be chosen
      </Text>
    );
  }
  return (
    <figure className={classes.split} aria-label={`Split: ${summary}`}>
      {parts.map((part) => (
        <Tooltip key={part.key} label={`${part.label}: ${showSplitShare(part.share)}`}>
          <div className={classes.part} style={{ flexGrow: part.share, background: part.colour }} />
        </Tooltip>
      ))}
    </figure>
  );
}
