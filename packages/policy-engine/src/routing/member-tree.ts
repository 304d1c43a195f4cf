/** A route's members as its groups nest them. */
import type { Route, RouteGroup, Target } from "../policy/route.ts";

export type Member =
  | { readonly target: Target; readonly group?: undefined }
  | { readonly group: RouteGroup; readonly members: readonly Member[] };

const trees = new WeakMap<Route, readonly Member[]>();

/**
 * The members of the route itself, groups with their own inside. A group stands where the first of its targets does; one
 * without any target is left out, and so is what no chain of groups leads to from the route. Made once for each route.
 */
export function membersOf(route: Route): readonly Member[] {
  const known = trees.get(route);
  if (known !== undefined) return known;
  const made = build(route, undefined).map(({ member }) => member);
  trees.set(route, made);
  return made;
}

function build(route: Route, parent: RouteGroup | undefined): { readonly member: Member; readonly position: number }[] {
  const placed = [...route.targets.entries()]
    .filter(([, target]) => target.groupId === parent?.groupId)
    .map(([position, target]): { member: Member; position: number } => ({ member: { target }, position }));
  for (const group of route.groups ?? []) {
    if (group.parentGroupId !== parent?.groupId || group === parent) continue;
    const inside = build(route, group);
    const [first] = inside;
    if (first === undefined) continue;
    placed.push({ member: { group, members: inside.map(({ member }) => member) }, position: first.position });
  }
  return placed.toSorted((left, right) => left.position - right.position);
}

const ids = new WeakMap<readonly Member[], readonly string[]>();

/** The ids of members, in their order. Made once for each list. */
export function memberIdsOf(members: readonly Member[]): readonly string[] {
  const known = ids.get(members);
  if (known !== undefined) return known;
  const made = members.map((member) => (member.group === undefined ? member.target.targetId : member.group.groupId));
  ids.set(members, made);
  return made;
}
