export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface JsonDifference {
  readonly pointer: string;
  /** Undefined where the value is absent. */
  readonly ours: Json | undefined;
  readonly theirs: Json | undefined;
}

/** Every place at which two values differ, by JSON pointer (RFC 6901); the order of an object's members is no difference. */
export function jsonDifferences(ours: Json | undefined, theirs: Json | undefined, pointer = ""): JsonDifference[] {
  if (Object.is(ours, theirs)) return [];
  if (isArray(ours) && isArray(theirs)) {
    const length = Math.max(ours.length, theirs.length);
    return Array.from({ length }, (_, index) =>
      jsonDifferences(ours[index], theirs[index], `${pointer}/${index}`),
    ).flat();
  }
  if (isObject(ours) && isObject(theirs)) {
    const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
    return [...names].flatMap((name) =>
      jsonDifferences(memberOf(ours, name), memberOf(theirs, name), `${pointer}/${escapePointer(name)}`),
    );
  }
  return [{ pointer, ours, theirs }];
}

export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

export function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function memberOf(object: { readonly [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
