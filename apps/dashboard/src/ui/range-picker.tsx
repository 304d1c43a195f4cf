"use client";
import { Button, Group, Popover, SegmentedControl, Stack } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendar } from "@tabler/icons-react";
import { useState } from "react";
import { showInstant } from "./quantities.ts";
import type { RangePreset, TimeRange } from "./time-range.ts";

const presets = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];

interface RangePickerProps {
  readonly range: TimeRange;
  readonly choosePreset: (preset: RangePreset) => void;
  readonly chooseCustom: (from: Date, to: Date) => void;
}

export function RangePicker({ range, choosePreset, chooseCustom }: RangePickerProps) {
  return (
    <Group gap="xs" wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label="Period"
        data={presets}
        value={range.preset}
        onChange={(preset) => choosePreset(preset as RangePreset)}
      />
      <CustomRange range={range} chooseCustom={chooseCustom} />
    </Group>
  );
}

function CustomRange({ range, chooseCustom }: Pick<RangePickerProps, "range" | "chooseCustom">) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const isUsable = new Date(from) < new Date(to);
  const apply = () => {
    chooseCustom(new Date(from), new Date(to));
    close();
  };
  return (
    <Popover opened={isOpen} onChange={toggle} onDismiss={close} trapFocus position="bottom-end" withArrow>
      <Popover.Target>
        <Button
          size="xs"
          variant={range.preset === "custom" ? "light" : "default"}
          leftSection={<IconCalendar size={14} aria-hidden />}
          onClick={toggle}
        >
          {range.preset === "custom" ? `${showInstant(range.from)} – ${showInstant(range.to)}` : "Custom"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={260}>
          <DateTimePicker label="From" size="xs" value={new Date(from)} onChange={(value) => value && setFrom(value)} />
          <DateTimePicker
            label="Until"
            size="xs"
            value={new Date(to)}
            onChange={(value) => value && setTo(value)}
            error={isUsable ? null : "Must lie after the start"}
          />
          <Button size="xs" onClick={apply} disabled={!isUsable}>
            Apply
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
