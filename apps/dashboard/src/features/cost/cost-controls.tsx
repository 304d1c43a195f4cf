"use client";
import { ActionIcon, Group, SegmentedControl, Select, Switch, Text } from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import { costDimensions, type CostDimension } from "@switchyard/api-contract/reports";
import { IconCalendar, IconPlus, IconX } from "@tabler/icons-react";
import classes from "./cost.module.css";
import { dimensionNames, mostDimensions } from "./dimensions.ts";
import { periodPresets, type Period, type PeriodPreset } from "./period.ts";

const presets: { readonly [preset in PeriodPreset]: string } = {
  "this-month": "This month",
  "last-month": "Last month",
  custom: "Custom",
};

interface PeriodPickerProps {
  readonly period: Period;
  readonly onPreset: (preset: PeriodPreset) => void;
  /** Days as YYYY-MM-DD, both included. */
  readonly onDays: (firstDay: string, lastDay: string) => void;
}

export function PeriodPicker({ period, onPreset, onDays }: PeriodPickerProps) {
  const firstDay = period.from.slice(0, 10);
  const lastDay = new Date(Date.parse(period.to) - 1).toISOString().slice(0, 10);
  const choose = (preset: string) =>
    preset === "custom" ? onDays(firstDay, lastDay) : onPreset(preset as PeriodPreset);
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Period"
        data={periodPresets.map((value) => ({ value, label: presets[value] }))}
        value={period.preset}
        onChange={choose}
      />
      {period.preset === "custom" && (
        <DatePickerInput
          key={`${firstDay} ${lastDay}`}
          type="range"
          size="xs"
          w={210}
          aria-label="Days of the period, UTC"
          valueFormat="D MMM YYYY"
          leftSection={<IconCalendar size={14} aria-hidden />}
          defaultValue={[firstDay, lastDay]}
          allowSingleDateInRange
          onChange={([first, last]) => first !== null && last !== null && onDays(first, last)}
        />
      )}
    </Group>
  );
}

interface DimensionPickerProps {
  readonly dimensions: readonly CostDimension[];
  readonly onChange: (dimensions: readonly CostDimension[]) => void;
}

/** One to three dimensions, outermost first. */
export function DimensionPicker({ dimensions, onChange }: DimensionPickerProps) {
  const free = costDimensions.filter((dimension) => !dimensions.includes(dimension));
  const choices = (own: CostDimension) =>
    costDimensions
      .filter((dimension) => dimension === own || free.includes(dimension))
      .map((value) => ({ value, label: dimensionNames[value] }));
  const [next] = free;
  return (
    <Group gap={6} component="fieldset" className={classes.dimensions} aria-label="Group by">
      <Text size="xs" c="dimmed">
        Group by
      </Text>
      {dimensions.map((dimension, index) => (
        <Group key={dimension} gap={0} wrap="nowrap">
          <Select
            size="xs"
            w={132}
            aria-label={`Dimension ${index + 1}`}
            data={choices(dimension)}
            value={dimension}
            allowDeselect={false}
            onChange={(value) => onChange(dimensions.with(index, value as CostDimension))}
          />
          {dimensions.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Do not group by ${dimensionNames[dimension].toLowerCase()}`}
              onClick={() => onChange(dimensions.toSpliced(index, 1))}
            >
              <IconX size={13} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {dimensions.length < mostDimensions && next !== undefined && (
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Group by one more dimension"
          onClick={() => onChange([...dimensions, next])}
        >
          <IconPlus size={14} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}

export function CompareSwitch({
  isCompared,
  onChange,
}: {
  isCompared: boolean;
  onChange: (isCompared: boolean) => void;
}) {
  return (
    <Switch
      size="sm"
      label="Compare with the period before"
      checked={isCompared}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
