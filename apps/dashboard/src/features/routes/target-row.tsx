import { ActionIcon, Group, NumberInput, Paper, Select, Slider, Switch, Text } from "@mantine/core";
import { IconArrowUp, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { TargetDraft } from "./route-draft.ts";
import classes from "./routes.module.css";
import { showSplitShare } from "./split-bar.tsx";

interface Place {
  /** Empty: the route itself. */
  readonly value: string;
  readonly label: string;
}

interface TargetRowProps {
  readonly target: TargetDraft;
  readonly colour: string | undefined;
  /** Of the calls of what is around it; null where weights do not decide. */
  readonly share: number | null;
  /** Where it may be put; empty where there is no choice. */
  readonly places: readonly Place[];
  readonly problem: string | undefined;
  readonly isReadOnly: boolean;
  /** Null where its place means nothing, or nothing is before it. */
  readonly onMoveUp: (() => void) | null;
  readonly onChange: (fields: Partial<TargetDraft>) => void;
  readonly onRemove: () => void;
}

const sliderMax = 100;

/** One target. Where weights decide: a slider for the hand, a number for the exact, and the share that comes of it. */
export function TargetRow({
  target,
  colour,
  share,
  places,
  problem,
  isReadOnly,
  onMoveUp,
  onChange,
  onRemove,
}: TargetRowProps) {
  const label = labelOf(target);
  return (
    <Paper withBorder className={classes.target} component="section" aria-label={label}>
      <span className={classes.swatch} style={{ background: colour, opacity: target.enabled ? 1 : 0.25 }} aria-hidden />
      <Text size="sm" truncate title={label}>
        <Text span fw={500}>
          {target.providerModel}
        </Text>{" "}
        <Text span c="dimmed">
          {target.connectionName}
        </Text>
      </Text>
      <Group gap={6} wrap="nowrap">
        <MoveUp label={label} isReadOnly={isReadOnly} onMoveUp={onMoveUp} />
        <Switch
          size="xs"
          aria-label={`${label} takes calls`}
          checked={target.enabled}
          disabled={isReadOnly}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove ${label}`}
          disabled={isReadOnly}
          onClick={onRemove}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      {share !== null && (
        <WeightControls
          label={label}
          weight={target.weight}
          share={share}
          isOff={!target.enabled}
          isReadOnly={isReadOnly}
          onChange={(weight) => onChange({ weight })}
        />
      )}
      {places.length > 0 && (
        <Select
          className={classes.place}
          size="xs"
          aria-label={`Group of ${label}`}
          data={[...places]}
          value={target.groupId ?? ""}
          onChange={(groupId) => onChange({ groupId: groupId || null })}
          allowDeselect={false}
          disabled={isReadOnly}
          error={problem}
        />
      )}
    </Paper>
  );
}

interface WeightControlsProps {
  readonly label: string;
  readonly weight: number;
  readonly share: number;
  readonly isOff: boolean;
  readonly isReadOnly: boolean;
  readonly onChange: (weight: number) => void;
}

/** The weight of a target or a group, and the share of the calls that comes of it. */
export function WeightControls({ label, weight, share, isOff, isReadOnly, onChange }: WeightControlsProps) {
  return (
    <div className={classes.controls}>
      <Slider
        min={0}
        max={Math.max(sliderMax, weight)}
        value={weight}
        disabled={isReadOnly || isOff}
        thumbLabel={`Weight of ${label}`}
        label={null}
        onChange={onChange}
      />
      <NumberInput
        size="xs"
        min={0}
        max={1_000_000}
        allowDecimal={false}
        allowNegative={false}
        aria-label={`Weight of ${label}, exact`}
        value={weight}
        disabled={isReadOnly}
        onChange={(value) => onChange(typeof value === "number" ? value : 0)}
      />
      <Text size="sm" className={classes.share} aria-live="polite">
        {showSplitShare(share)}
      </Text>
    </div>
  );
}

/** Moves a member before the one that it follows; nothing where that is not possible. */
export function MoveUp({
  label,
  isReadOnly,
  onMoveUp,
}: {
  label: string;
  isReadOnly: boolean;
  onMoveUp: (() => void) | null;
}): ReactNode {
  if (onMoveUp === null) return null;
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={`Move ${label} up`} disabled={isReadOnly} onClick={onMoveUp}>
      <IconArrowUp size={16} aria-hidden />
    </ActionIcon>
  );
}

export function labelOf(target: Pick<TargetDraft, "connectionName" | "providerModel">): string {
  return `${target.connectionName} / ${target.providerModel}`;
}
