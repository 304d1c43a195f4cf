"use client";
import { ActionIcon, Group, Paper, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ConditionEditor } from "./condition-editor.tsx";
import type { DraftEditing } from "./draft-editing.ts";
import { changeGroup, type GroupDraft, groupsAround, moveGroup, removeGroup } from "./members.ts";
import classes from "./routes.module.css";
import { MoveUp, WeightControls } from "./target-row.tsx";

interface GroupCardProps {
  readonly editing: DraftEditing;
  readonly group: GroupDraft;
  readonly colour: string | undefined;
  readonly share: number | null;
  readonly onMoveUp: (() => void) | null;
  /** Its strategy and members. */
  readonly children: ReactNode;
}

/** One group: its name, the calls that it is for, its strategy, and its members inside of it. */
export function GroupCard({ editing, group, colour, share, onMoveUp, children }: GroupCardProps) {
  const { draft, isReadOnly, change, problemAt } = editing;
  const path = `groups[${draft.groups.indexOf(group)}]`;
  const label = `group ${group.name}`;
  const set = (fields: Partial<GroupDraft>) => change(changeGroup(draft, group.groupId, fields));
  const around = groupsAround(draft, group.groupId);
  const wholeProblem = problemAt(path) ?? problemAt(`${path}.strategy`) ?? problemAt(`${path}.strategy.ramp.toMs`);
  return (
    <Paper withBorder className={classes.group} component="section" aria-label={`Group ${group.name}`}>
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <span
          className={classes.groupSwatch}
          style={{ background: colour, opacity: group.enabled ? 1 : 0.25 }}
          aria-hidden
        />
        <TextInput
          size="xs"
          aria-label="Name of the group"
          placeholder="Name of the group"
          maxLength={60}
          value={group.name}
          error={problemAt(`${path}.name`)}
          onChange={(event) => set({ name: event.currentTarget.value })}
          disabled={isReadOnly}
          flex="1 1 160px"
        />
        <Group gap={6} wrap="nowrap" pt={4}>
          <MoveUp label={label} isReadOnly={isReadOnly} onMoveUp={onMoveUp} />
          <Switch
            size="xs"
            aria-label={`${label} takes calls`}
            checked={group.enabled}
            disabled={isReadOnly}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Dissolve ${label}`}
            title="Dissolve the group; its members stay"
            disabled={isReadOnly}
            onClick={() => change(removeGroup(draft, group))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      {wholeProblem !== undefined && (
        <Text size="xs" c="red" role="alert">
          {wholeProblem}
        </Text>
      )}
      {share !== null && (
        <WeightControls
          label={label}
          weight={group.weight}
          share={share}
          isOff={!group.enabled}
          isReadOnly={isReadOnly}
          onChange={(weight) => set({ weight })}
        />
      )}
      <Stack gap="xs" className={classes.inside}>
        {around.length > 0 && (
          <Select
            size="xs"
            label="Inside of"
            data={[
              { value: "", label: "The route itself" },
              ...around.map(({ groupId, name }) => ({ value: groupId, label: name })),
            ]}
            value={group.parentGroupId ?? ""}
            onChange={(parentId) => change(moveGroup(draft, group.groupId, parentId || null))}
            allowDeselect={false}
            disabled={isReadOnly}
            error={problemAt(`${path}.parentGroupId`)}
            maw={260}
          />
        )}
        <ConditionEditor
          when={group.when}
          isReadOnly={isReadOnly}
          problemAt={(clause) =>
            problemAt(`${path}.when.clauses[${clause}]`) ?? problemAt(`${path}.when.clauses[${clause}].timeZone`)
          }
          onChange={(when) => set({ when })}
        />
        {children}
      </Stack>
    </Paper>
  );
}
