/**
 * Arguments of a call that come in pieces: values by their place in the JSON, texts cut anywhere (wire formats 3.5).
 * They are put together here, since a place may be given again after others.
 */
import { isFields } from "../json/field-reader.ts";

type Container = Record<string, unknown> | unknown[];

/** A member, an element or a quoted member of a path such as `$.stops[0]['street name']`. */
const step = /\.([^.[\]]+)|\[(\d{1,4})\]|\['([^']*)'\]|\["([^"]*)"\]/y;

export class PartialArguments {
  readonly #root = emptyObject();
  #isCut = false;

  /** The latest text was not ended: what there is of it may not be all of it. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Takes `partialArgs`; false for what cannot be read. */
  add(partials: unknown): boolean {
    if (partials === undefined || partials === null) return true;
    return Array.isArray(partials) && partials.every((partial: unknown) => isFields(partial) && this.#addOne(partial));
  }

  toJson(): string {
    return JSON.stringify(this.#root);
  }

  #addOne(partial: Readonly<Record<string, unknown>>): boolean {
    const { jsonPath, stringValue, numberValue, boolValue, willContinue } = partial;
    const steps = readPath(jsonPath);
    if (steps === null) return false;
    this.#isCut = willContinue === true;
    const value = stringValue ?? numberValue ?? boolValue ?? null;
    // The announcement of a text that is yet to come, or the end of one.
    if (value === null && partial["nullValue"] === undefined) return true;
    return put(this.#root, steps, value);
  }
}

function readPath(path: unknown): readonly (string | number)[] | null {
  if (typeof path !== "string" || !path.startsWith("$") || path.length > 1_000) return null;
  const steps: (string | number)[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) return null;
    const [, member, element, ...quoted] = match;
    steps.push(element === undefined ? (member ?? quoted.find((name) => name !== undefined) ?? "") : Number(element));
  }
  return steps.length === 0 ? null : steps;
}

/** A text goes on where there already is one. */
function put(root: Container, steps: readonly (string | number)[], value: unknown): boolean {
  let at: Container = root;
  for (const [position, name] of steps.entries()) {
    if (Array.isArray(at) !== (typeof name === "number")) return false;
    const members = at as Record<string | number, unknown>;
    const known = members[name];
    const next = steps[position + 1];
    if (next === undefined)
      members[name] = typeof known === "string" && typeof value === "string" ? known + value : value;
    else {
      const inner = known ?? (typeof next === "number" ? [] : emptyObject());
      if (typeof inner !== "object") return false;
      members[name] = inner;
      at = inner as Container;
    }
  }
  return true;
}

/** Without a prototype, so that every name is just a name. */
function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}
