"use client";
import { Button, Menu } from "@mantine/core";
import { exportFormats, type ExportFormat } from "@switchyard/api-contract/reports";
import { IconChevronDown, IconDownload, IconFileCheck } from "@tabler/icons-react";
import { downloads } from "../downloads/downloads.ts";
import { exportRows, exportUrl, manifestUrl, type ExportSelection } from "./queries.ts";

const formatNames: { readonly [format in ExportFormat]: string } = {
  csv: "CSV",
  jsonl: "JSON lines",
  parquet: "Parquet",
  "focus-1.2": "FOCUS 1.2",
  "focus-1.4": "FOCUS 1.4",
};

const csvLines = { isQuoted: true, headLines: 1 };
const linesOf: { readonly [format in ExportFormat]: { isQuoted: boolean; headLines: number } | null } = {
  csv: csvLines,
  jsonl: { isQuoted: false, headLines: 0 },
  parquet: null,
  "focus-1.2": csvLines,
  "focus-1.4": csvLines,
};

function startExport(selection: ExportSelection, format: ExportFormat): void {
  const lastDay = new Date(Date.parse(selection.to) - 1).toISOString().slice(0, 10);
  const name = crypto.randomUUID();
  downloads.start({
    title: `${formatNames[format]}, ${selection.from.slice(0, 10)} to ${lastDay}`,
    file: { url: exportUrl(selection, format, name), lines: linesOf[format] },
    manifestUrl: manifestUrl(selection, format, name),
    countRecords: (signal) => exportRows(selection, format, signal),
  });
}

/** Downloads what the report covers as rows of the ledger, and the manifests to check such files against. */
export function ExportMenu({ selection }: { readonly selection: ExportSelection }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Every hour, key, model and meter</Menu.Label>
        {exportFormats.map((format) => (
          <Menu.Item key={format} onClick={() => startExport(selection, format)}>
            {formatNames[format]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Manifest as of now: rows, exact sum, SHA-256</Menu.Label>
        {exportFormats.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={manifestUrl(selection, format)}
            download={`manifest-${format}.json`}
            leftSection={<IconFileCheck size={14} aria-hidden />}
            aria-label={`Manifest of the ${formatNames[format]} file`}
          >
            {formatNames[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
