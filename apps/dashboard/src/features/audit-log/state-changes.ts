/** What an audit entry's two states differ in, field by field. */
export interface StateChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Lists added, removed and changed leaves, in the order in which they stand. A list counts as one value per position. */
export function changesBetween(before: unknown, after: unknown): StateChange[] {
  const old = leavesOf(before);
  const now = leavesOf(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter((change) => change.before !== change.after);
}

function leavesOf(value: unknown, path = "", leaves = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) {
    if (path !== "") leaves.set(path, "none");
  } else if (typeof value === "object") {
    for (const [key, member] of Object.entries(value)) leavesOf(member, path === "" ? key : `${path} › ${key}`, leaves);
  } else {
    leaves.set(path, JSON.stringify(value));
  }
  return leaves;
}
