/** Reads typed fields of a parsed request and remembers the first one that is wrong. `null` counts as left out. */

type Fields = Readonly<Record<string, unknown>>;

export interface FieldProblem {
  /** As OpenAI names a field: `messages[0].content`. */
  readonly param: string;
  readonly message: string;
}

export class FieldReader {
  problem: FieldProblem | null = null;

  text(fields: Fields, name: string): string | null {
    return this.#read(fields, name, "a string", (value) => typeof value === "string");
  }

  requiredText(fields: Fields, name: string): string {
    const value = this.text(fields, name);
    if (value === null || value === "") this.refuse(name, `'${name}' is required and must be a non-empty string.`);
    return value ?? "";
  }

  flag(fields: Fields, name: string, path = name): boolean {
    return this.#read<boolean>(fields, name, "a boolean", (value) => typeof value === "boolean", path) ?? false;
  }

  /** A whole number between 1 and `most`. */
  count(fields: Fields, name: string, most: number): number | null {
    const isCount = (value: unknown): boolean =>
      typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
    return this.#read(fields, name, `a whole number from 1 to ${most}`, isCount);
  }

  list(fields: Fields, name: string, path = name): readonly unknown[] | null {
    return this.#read(fields, name, "an array", Array.isArray, path);
  }

  fields(fields: Fields, name: string, path = name): Fields | null {
    return this.#read(fields, name, "an object", isFields, path);
  }

  refuse(param: string, message: string): void {
    this.problem ??= { param, message };
  }

  #read<Type>(
    fields: Fields,
    name: string,
    expected: string,
    isExpected: (value: unknown) => boolean,
    path = name,
  ): Type | null {
    // Own members only: a field named like something of Object.prototype is not there.
    const value = Object.hasOwn(fields, name) ? fields[name] : null;
    if (value === null || value === undefined) return null;
    if (isExpected(value)) return value as Type;
    this.refuse(path, `'${path}' must be ${expected}, but is ${describe(value)}.`);
    return null;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "number" ? `the number ${value}` : `a ${typeof value}`;
}
