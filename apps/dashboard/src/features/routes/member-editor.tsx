"use client";
import { Button, Stack, Text } from "@mantine/core";
import { goesByWeight } from "@switchyard/policy-engine/strategies/registry";
import { IconFolderPlus } from "@tabler/icons-react";
import type { DraftEditing } from "./draft-editing.ts";
import { GroupCard } from "./group-card.tsx";
import { addGroup, changeGroup, type Member, membersIn, moveUp } from "./members.ts";
import type { RouteDraft, TargetDraft } from "./route-draft.ts";
import { SplitBar, splitOf } from "./split-bar.tsx";
import { StrategyEditor } from "./strategy-editor.tsx";
import type { Strategy } from "./strategy.ts";
import { labelOf, TargetRow } from "./target-row.tsx";

interface MemberEditorProps {
  readonly editing: DraftEditing;
  /** The group whose members these are; null: the route's own. */
  readonly parentId: string | null;
  readonly strategy: Strategy;
  readonly onStrategyChange: (strategy: Strategy) => void;
}

/** A strategy and the members that it chooses among, targets or further groups with members of their own. */
export function MemberEditor({ editing, parentId, strategy, onStrategyChange }: MemberEditorProps) {
  const { draft, isReadOnly, change } = editing;
  const members = membersIn(draft, parentId);
  const isByWeight = goesByWeight(strategy);
  const split = splitOf(members.map(asSplitPart));
  const changeTarget = (key: string, fields: Partial<TargetDraft>) =>
    change({ targets: draft.targets.map((target) => (target.key === key ? { ...target, ...fields } : target)) });
  return (
    <Stack gap="xs">
      <StrategyEditor strategy={strategy} isReadOnly={isReadOnly} onChange={onStrategyChange} />
      {isByWeight && members.length > 0 && <SplitBar targets={members.map(asSplitPart)} />}
      {members.map((member, index) => {
        const shared = {
          colour: split[index]?.colour,
          share: isByWeight ? (split[index]?.share ?? 0) : null,
          onMoveUp: isByWeight || index === 0 ? null : () => change(moveUp(draft, parentId, index)),
        };
        if (member.group !== undefined) {
          const { group } = member;
          return (
            <GroupCard key={group.groupId} editing={editing} group={group} {...shared}>
              <MemberEditor
                editing={editing}
                parentId={group.groupId}
                strategy={group.strategy}
                onStrategyChange={(changed) => change(changeGroup(draft, group.groupId, { strategy: changed }))}
              />
            </GroupCard>
          );
        }
        const { target } = member;
        return (
          <TargetRow
            key={target.key}
            {...shared}
            target={target}
            places={draft.groups.length === 0 ? [] : placesOf(draft)}
            problem={editing.problemAt(`targets[${draft.targets.indexOf(target)}].groupId`)}
            isReadOnly={isReadOnly}
            onChange={(fields) => changeTarget(target.key, fields)}
            onRemove={() => change({ targets: draft.targets.filter(({ key }) => key !== target.key) })}
          />
        );
      })}
      {parentId !== null && members.length === 0 && (
        <Text size="sm" c="dimmed">
          No members yet. Put a target in by choosing this group in the target’s row.
        </Text>
      )}
      {!isReadOnly && draft.targets.length > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          w="fit-content"
          leftSection={<IconFolderPlus size={14} aria-hidden />}
          onClick={() => change(addGroup(draft, parentId))}
        >
          {parentId === null ? "Add group" : "Add group inside"}
        </Button>
      )}
    </Stack>
  );
}

function asSplitPart(member: Member) {
  if (member.group === undefined) return { ...member.target, label: labelOf(member.target) };
  const { groupId, name, weight, enabled } = member.group;
  return { key: groupId, label: `group ${name}`, weight, enabled };
}

function placesOf({ groups }: RouteDraft) {
  return [
    { value: "", label: "In no group" },
    ...groups.map(({ groupId, name }) => ({ value: groupId, label: `In ${name || "a group without a name"}` })),
  ];
}
