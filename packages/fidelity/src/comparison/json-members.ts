import { isArray, isObject, type Json } from "./json-differences.ts";

/** The value at a path of member names and indexes; undefined where there is none. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let reached = value;
  for (const step of path) {
    if (isArray(reached) && typeof step === "number") reached = reached[step];
    else if (isObject(reached) && Object.hasOwn(reached, step)) reached = reached[step];
    else return undefined;
  }
  return reached;
}

/** The text at a path; empty where there is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number at a path; zero where there is none. */
export function numberAt(value: Json | undefined, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  return typeof found === "number" ? found : 0;
}

/** The list at a path; empty where there is none. */
export function listAt(value: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...path);
  return isArray(found) ? found : [];
}

/** An object with one of its members replaced by what `change` makes of it, where it has that member. */
export function withMember(value: Json, name: string, change: (member: Json) => Json): Json {
  const member = isObject(value) ? at(value, name) : undefined;
  return isObject(value) && member !== undefined ? { ...value, [name]: change(member) } : value;
}

/** A list with each item changed; anything else as it is. */
export function withItems(value: Json, change: (item: Json) => Json): Json {
  return isArray(value) ? value.map(change) : value;
}
