/** A route's members as its groups nest them, and the edits that keep targets and groups in one order. Pure. */
import type { RouteDraft, TargetDraft } from "./route-draft.ts";

export type GroupDraft = RouteDraft["groups"][number];

export type Member =
  | { readonly target: TargetDraft; readonly group?: undefined }
  | { readonly group: GroupDraft; readonly members: readonly Member[] };

type Draft = Pick<RouteDraft, "targets" | "groups">;

/** The members of a group, or of the route for null. A group stands where the first of its targets does; one without any, last. */
export function membersIn(draft: Draft, parentId: string | null): Member[] {
  const placed = draft.targets.flatMap((target, position) =>
    target.groupId === parentId ? [{ member: { target } as Member, position }] : [],
  );
  for (const group of draft.groups) {
    if ((group.parentGroupId ?? null) !== parentId || group.groupId === parentId) continue;
    const members = membersIn(withoutGroup(draft, group), group.groupId);
    const positions = targetsOf(members).map((target) => draft.targets.indexOf(target));
    placed.push({ member: { group, members }, position: Math.min(Infinity, ...positions) });
  }
  // Infinity minus itself is no number, and means that both stay as they are.
  return placed.toSorted((left, right) => left.position - right.position || 0).map(({ member }) => member);
}

/** So that groups inside of each other, which only a broken draft has, do not go round for ever. */
function withoutGroup({ targets, groups }: Draft, group: GroupDraft): Draft {
  return { targets, groups: groups.filter((other) => other !== group) };
}

function targetsOf(members: readonly Member[]): TargetDraft[] {
  return members.flatMap((member) => (member.group === undefined ? [member.target] : targetsOf(member.members)));
}

function groupsOf(members: readonly Member[]): GroupDraft[] {
  return members.flatMap((member) => (member.group === undefined ? [] : [member.group, ...groupsOf(member.members)]));
}

/** Puts the member at `index` of a group, or of the route for null, before the one that it follows. */
export function moveUp(draft: Draft, parentId: string | null, index: number): Draft {
  const reordered = (members: readonly Member[], ofId: string | null): Member[] => {
    const inside = members.map((member) =>
      member.group === undefined ? member : { ...member, members: reordered(member.members, member.group.groupId) },
    );
    const moved = inside[index];
    if (ofId !== parentId || index < 1 || moved === undefined) return inside;
    return [...inside.slice(0, index - 1), moved, ...inside.slice(index - 1, index), ...inside.slice(index + 1)];
  };
  const members = reordered(membersIn(draft, null), null);
  return { targets: targetsOf(members), groups: groupsOf(members) };
}

/** A new group of no members, in a group or in the route. */
export function addGroup({ targets, groups }: Draft, parentId: string | null): Draft {
  const group: GroupDraft = {
    groupId: crypto.randomUUID(),
    name: nameFor(groups),
    weight: 100,
    enabled: true,
    strategy: { type: "priority" },
    ...(parentId === null ? {} : { parentGroupId: parentId }),
  };
  return { targets, groups: [...groups, group] };
}

function nameFor(groups: RouteDraft["groups"]): string {
  const taken = new Set(groups.map(({ name }) => name));
  for (let number = groups.length + 1; ; number++) if (!taken.has(`Group ${number}`)) return `Group ${number}`;
}

export function changeGroup({ targets, groups }: Draft, groupId: string, fields: Partial<GroupDraft>): Draft {
  return { targets, groups: groups.map((group) => (group.groupId === groupId ? { ...group, ...fields } : group)) };
}

/** Takes a group away; what was in it stays, as members of what was around it. */
export function removeGroup({ targets, groups }: Draft, { groupId, parentGroupId }: GroupDraft): Draft {
  const around = parentGroupId ?? null;
  return {
    targets: targets.map((target) => (target.groupId === groupId ? { ...target, groupId: around } : target)),
    groups: groups
      .filter((group) => group.groupId !== groupId)
      .map((group) => (group.parentGroupId === groupId ? placeIn(group, around) : group)),
  };
}

/** Moves a group into another, or to the route for null. */
export function moveGroup({ targets, groups }: Draft, groupId: string, parentId: string | null): Draft {
  return { targets, groups: groups.map((group) => (group.groupId === groupId ? placeIn(group, parentId) : group)) };
}

function placeIn(group: GroupDraft, parentId: string | null): GroupDraft {
  const placed = { ...group };
  if (parentId === null) delete placed.parentGroupId;
  else placed.parentGroupId = parentId;
  return placed;
}

/** The groups that a group may be put into: all but itself and what is inside of it. */
export function groupsAround({ groups }: Draft, groupId: string): GroupDraft[] {
  const inside = new Set([groupId]);
  for (let before = 0; before !== inside.size;) {
    before = inside.size;
    for (const group of groups) if (inside.has(group.parentGroupId ?? "")) inside.add(group.groupId);
  }
  return groups.filter((group) => !inside.has(group.groupId));
}
