import { ActionIcon, Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { meters, type Meter } from "@switchyard/metering/meters";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { nameOfMeter } from "../../ui/meter-names.ts";
import { showPriceUnit } from "../../ui/unit-price.ts";
import { problemOf, type PriceRow } from "./price-draft.ts";

/** A price per meter; conditions (tiers, hours) are set through the API. */
export function PriceRows({
  rows,
  onChange,
}: {
  rows: readonly PriceRow[];
  onChange: (rows: readonly PriceRow[]) => void;
}) {
  const free = meters.filter((meter) => !rows.some((row) => row.meter === meter));
  const change = (key: string, fields: Partial<PriceRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...fields } : row)));
  const [next] = free;
  return (
    <Stack gap="xs">
      {rows.map((row) => (
        <Group key={row.key} gap="xs" align="flex-start" wrap="nowrap">
          <Select
            aria-label="Meter"
            data={[row.meter, ...free].map((meter) => ({ value: meter, label: nameOfMeter(meter) }))}
            value={row.meter}
            onChange={(meter) => meter !== null && change(row.key, { meter: meter as Meter })}
            allowDeselect={false}
            flex="1 1 150px"
          />
          <TextInput
            aria-label={`Price of ${nameOfMeter(row.meter)}, dollars for ${showPriceUnit(row.meter)}`}
            leftSection="$"
            rightSection={
              <span style={{ fontSize: 12, opacity: 0.7, whiteSpace: "nowrap" }}>/ {showPriceUnit(row.meter)}</span>
            }
            rightSectionWidth={104}
            inputMode="decimal"
            value={row.usd}
            onChange={(event) => change(row.key, { usd: event.currentTarget.value })}
            error={row.usd === "" ? null : problemOf(row)}
            flex="1 1 210px"
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={5}
            aria-label={`Remove ${nameOfMeter(row.meter)}`}
            onClick={() => onChange(rows.filter(({ key }) => key !== row.key))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {next !== undefined && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...rows, { key: crypto.randomUUID(), meter: next, usd: "" }])}
          style={{ alignSelf: "flex-start" }}
        >
          Add a meter
        </Button>
      )}
    </Stack>
  );
}
