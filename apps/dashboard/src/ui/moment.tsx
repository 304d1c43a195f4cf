"use client";
import { Tooltip } from "@mantine/core";
import { showAgo, showInstant } from "./quantities.ts";
import { useCurrentMinute } from "./use-current-minute.ts";

/** How long ago, or until when; the full time in the viewer's zone on hover. */
export function Moment({ iso, never = "–" }: { iso: string | null; never?: string }) {
  const nowMs = useCurrentMinute();
  if (iso === null) return <span>{never}</span>;
  return (
    <Tooltip label={showInstant(iso)}>
      <time dateTime={iso} style={{ whiteSpace: "nowrap" }}>
        {showAgo(iso, nowMs)}
      </time>
    </Tooltip>
  );
}
