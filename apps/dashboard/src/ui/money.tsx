import { Tooltip } from "@mantine/core";
import { showExactUsd, showUsd } from "./quantities.ts";

/** An amount as people read it; where that left digits away, the exact amount is a hover or a tap away. */
export function Money({ usd }: { usd: string }) {
  const shown = showUsd(usd);
  const exact = showExactUsd(usd);
  if (shown === exact) return <span>{shown}</span>;
  return (
    <Tooltip label={exact}>
      <span>{shown}</span>
    </Tooltip>
  );
}
