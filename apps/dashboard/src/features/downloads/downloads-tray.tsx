"use client";
import { ActionIcon, Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { showBytes, showCount } from "../../ui/quantities.ts";
import { StateLabel } from "../../ui/state-label.tsx";
import { downloads, type Download } from "./downloads.ts";
import classes from "./downloads-tray.module.css";

const none: readonly Download[] = [];

/** What is being downloaded, on every page, until it is put away. */
export function DownloadsTray() {
  const list = useSyncExternalStore(downloads.subscribe, downloads.list, () => none);
  if (list.length === 0) return null;
  return (
    <Paper component="section" aria-label="Downloads" className={classes.tray} withBorder shadow="md" p="sm">
      <Stack gap="sm">
        {list.map((download) => (
          <DownloadRow key={download.id} download={download} />
        ))}
      </Stack>
    </Paper>
  );
}

function DownloadRow({ download }: { download: Download }) {
  const { id, title, state, manifestUrl } = download;
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={500} truncate>
          {title}
        </Text>
        <Group gap={4} wrap="nowrap">
          {state === "running" && (
            <Button size="compact-xs" variant="default" onClick={() => downloads.cancel(id)}>
              Cancel
            </Button>
          )}
          {(state === "failed" || state === "cancelled") && (
            <Button size="compact-xs" variant="default" onClick={() => downloads.retry(id)}>
              Try again
            </Button>
          )}
          {state === "saved" && (
            <Button
              size="compact-xs"
              variant="default"
              component="a"
              href={manifestUrl}
              download="manifest.json"
              aria-label={`Manifest of ${title}`}
            >
              Manifest
            </Button>
          )}
          {state !== "running" && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`Put ${title} away`}
              onClick={() => downloads.dismiss(id)}
            >
              <IconX size={14} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
      <DownloadState download={download} />
    </div>
  );
}

function DownloadState({ download }: { download: Download }) {
  const { state, problem, bytes, records, expectedRecords } = download;
  // What is expected may be an estimate: of a file that is whole it says nothing.
  const isExpecting = state !== "saved" && records !== null && expectedRecords !== null && records < expectedRecords;
  const arrived = [
    records === null
      ? null
      : `${showCount(records)}${isExpecting ? ` of about ${showCount(expectedRecords)}` : ""} rows`,
    showBytes(bytes),
  ]
    .filter((part) => part !== null)
    .join(", ");
  if (state === "saved") return <StateLabel tone="good">{`Saved: ${arrived}`}</StateLabel>;
  if (state === "failed") return <StateLabel tone="bad">{problem ?? "It broke off."}</StateLabel>;
  if (state === "cancelled") return <StateLabel tone="idle">{`Cancelled after ${arrived}`}</StateLabel>;
  const isKnown = records !== null && expectedRecords !== null && expectedRecords > 0;
  return (
    <>
      <StateLabel tone="busy">{arrived}</StateLabel>
      <Progress
        size="xs"
        mt={4}
        value={isKnown ? Math.min(100, (100 * records) / expectedRecords) : 100}
        animated={!isKnown}
        striped={!isKnown}
        aria-label={arrived}
      />
    </>
  );
}
