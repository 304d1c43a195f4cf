"use client";
import { Button, Menu } from "@mantine/core";
import { exportFormats, type ExportFormat } from "@switchyard/api-contract/reports";
import { IconChevronDown, IconDownload, IconFileCheck } from "@tabler/icons-react";
import { exportUrl, manifestUrl, type ExportSelection } from "./queries.ts";

const formatNames: { readonly [format in ExportFormat]: string } = {
  csv: "CSV",
  jsonl: "JSON lines",
  parquet: "Parquet",
  "focus-1.2": "FOCUS 1.2",
  "focus-1.4": "FOCUS 1.4",
};

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
          <Menu.Item key={format} component="a" href={exportUrl(selection, format)} download>
            {formatNames[format]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Manifest: rows, exact sum, SHA-256</Menu.Label>
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
