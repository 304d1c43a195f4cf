import { ActionIcon, Group, NumberInput, Paper, Slider, Stack, Switch, Text } from "@mantine/core";
import { goesByWeight } from "@switchyard/policy-engine/strategies/registry";
import { IconArrowUp, IconTrash } from "@tabler/icons-react";
import type { TargetDraft } from "./route-draft.ts";
import classes from "./routes.module.css";
import { showSplitShare, splitOf } from "./split-bar.tsx";
import type { Strategy } from "./strategy.ts";

interface TargetEditorProps {
  readonly strategy: Strategy;
  readonly targets: readonly TargetDraft[];
  readonly isReadOnly: boolean;
  readonly onChange: (targets: readonly TargetDraft[]) => void;
}

const sliderMax = 100;

/** One row a target. Where weights decide: a slider for the hand, a number for the exact, and the share that comes of it. */
export function TargetEditor({ strategy, targets, isReadOnly, onChange }: TargetEditorProps) {
  const split = splitOf(targets.map((target) => ({ ...target, label: labelOf(target) })));
  const change = (key: string, fields: Partial<TargetDraft>) =>
    onChange(targets.map((target) => (target.key === key ? { ...target, ...fields } : target)));
  const moveUp = (index: number) =>
    onChange([
      ...targets.slice(0, index - 1),
      ...targets.slice(index, index + 1),
      ...targets.slice(index - 1, index),
      ...targets.slice(index + 1),
    ]);
  return (
    <Stack gap="xs">
      {targets.map((target, index) => (
        <Paper key={target.key} withBorder className={classes.target} component="section" aria-label={labelOf(target)}>
          <span
            className={classes.swatch}
            style={{ background: split[index]?.colour, opacity: target.enabled ? 1 : 0.25 }}
            aria-hidden
          />
          <Text size="sm" truncate title={labelOf(target)}>
            <Text span fw={500}>
              {target.providerModel}
            </Text>{" "}
            <Text span c="dimmed">
              {target.connectionName}
            </Text>
          </Text>
          <Group gap={6} wrap="nowrap">
            {!goesByWeight(strategy) && index > 0 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Move ${labelOf(target)} up`}
                disabled={isReadOnly}
                onClick={() => moveUp(index)}
              >
                <IconArrowUp size={16} aria-hidden />
              </ActionIcon>
            )}
            <Switch
              size="xs"
              aria-label={`${labelOf(target)} takes calls`}
              checked={target.enabled}
              disabled={isReadOnly}
              onChange={(event) => change(target.key, { enabled: event.currentTarget.checked })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${labelOf(target)}`}
              disabled={isReadOnly}
              onClick={() => onChange(targets.filter(({ key }) => key !== target.key))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
          {goesByWeight(strategy) && (
            <div className={classes.controls}>
              <Slider
                min={0}
                max={Math.max(sliderMax, target.weight)}
                value={target.weight}
                disabled={isReadOnly || !target.enabled}
                thumbLabel={`Weight of ${labelOf(target)}`}
                label={null}
                onChange={(weight) => change(target.key, { weight })}
              />
              <NumberInput
                size="xs"
                min={0}
                max={1_000_000}
                allowDecimal={false}
                allowNegative={false}
                aria-label={`Weight of ${labelOf(target)}, exact`}
                value={target.weight}
                disabled={isReadOnly}
                onChange={(weight) => change(target.key, { weight: typeof weight === "number" ? weight : 0 })}
              />
              <Text size="sm" className={classes.share} aria-live="polite">
                {showSplitShare(split[index]?.share ?? 0)}
              </Text>
            </div>
          )}
        </Paper>
      ))}
    </Stack>
  );
}

export function labelOf(target: Pick<TargetDraft, "connectionName" | "providerModel">): string {
  return `${target.connectionName} / ${target.providerModel}`;
}
