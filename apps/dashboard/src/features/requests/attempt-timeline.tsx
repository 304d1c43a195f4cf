import { Group, Text } from "@mantine/core";
import type { Receipt } from "@switchyard/api-contract/requests";
import { showDuration } from "../../ui/quantities.ts";
import classes from "./requests.module.css";
import { timelineOf } from "./timeline.ts";

/** When the attempts ran within the call; the dark part of a bar is the wait for the first token. */
export function AttemptTimeline({ receipt }: { receipt: Receipt }) {
  const bars = timelineOf(receipt);
  return (
    <figure className={classes.timeline} aria-label={`${showDuration(receipt.durationMs)} in total`}>
      {bars.map((bar) => (
        <div key={bar.attemptId} className={classes.timelineRow}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="xs" truncate>
              {bar.attemptNumber}. {bar.label}
            </Text>
            <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
              {showDuration(bar.durationMs)}
            </Text>
          </Group>
          <div className={classes.track}>
            <div className={classes.bar} style={{ left: `${bar.start}%`, width: `${bar.width}%` }}>
              {bar.firstToken !== null && <div className={classes.wait} style={{ width: `${bar.firstToken}%` }} />}
            </div>
          </div>
        </div>
      ))}
      <Text size="xs" c="dimmed" component="figcaption">
        {showDuration(receipt.durationMs)} in total
        {receipt.timeToFirstTokenMs !== null && `, first token after ${showDuration(receipt.timeToFirstTokenMs)}`},{" "}
        {showDuration(receipt.gatewayOverheadMs)} of it in the gateway
      </Text>
    </figure>
  );
}
