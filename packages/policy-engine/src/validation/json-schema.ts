/**
 * Whether a value keeps to a JSON schema (draft 2020-12), within a bound of steps: schema and value are both written by
 * others, and a few lines of nested alternatives can make any validator that does not count run for hours. Covers what
 * structured outputs of providers allow. A schema that says more than that (`pattern` above all, because a regular
 * expression has no bound) is not judged, rather than judged wrongly.
 */
type Fields = Readonly<Record<string, unknown>>;

/** `unjudged`: the schema says something that is not checked here, contradicts itself, or takes too many steps. */
export type SchemaJudgement = "kept" | "violated" | "unjudged";

export const mostSchemaSteps = 200_000;
const deepest = 128;

/** Members that assert nothing. `format` is one of them unless a schema's own vocabulary says otherwise. */
const annotations: ReadonlySet<string> = new Set([
  "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "format",
  "deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType",
]); // prettier-ignore

class Unjudged extends Error {}

/** Never throws. */
export function checkSchema(schema: unknown, value: unknown, mostSteps: number = mostSchemaSteps): SchemaJudgement {
  try {
    return new SchemaCheck(schema, mostSteps).holds(schema, value, 0) ? "kept" : "violated";
  } catch (error) {
    if (error instanceof Unjudged) return "unjudged";
    throw error;
  }
}

class SchemaCheck {
  readonly #root: unknown;
  #stepsLeft: number;

  constructor(root: unknown, mostSteps: number) {
    this.#root = root;
    this.#stepsLeft = mostSteps;
  }

  holds(schema: unknown, value: unknown, depth: number): boolean {
    this.#step();
    if (typeof schema === "boolean") return schema;
    if (!isFields(schema) || depth > deepest) throw new Unjudged();
    // All of it, before any of it: what is said by a member that is not known here could outweigh the rest.
    for (const keyword in schema) if (!(keyword in keywords) && !annotations.has(keyword)) throw new Unjudged();
    for (const keyword in schema) {
      const assertion = keywords[keyword];
      if (assertion !== undefined && !assertion(this, schema[keyword], value, schema, depth + 1)) return false;
    }
    return true;
  }

  resolve(pointer: unknown): unknown {
    if (typeof pointer !== "string" || !(pointer === "#" || pointer.startsWith("#/"))) throw new Unjudged();
    let found: unknown = this.#root;
    for (const part of pointer.split("/").slice(1)) {
      const name = unescapePointer(part);
      if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) throw new Unjudged();
      found = (found as Fields)[name];
    }
    return found;
  }

  /** As JSON: order of members means nothing. */
  equals(left: unknown, right: unknown): boolean {
    this.#step();
    if (left === right) return true;
    if (Array.isArray(left) && Array.isArray(right)) {
      return left.length === right.length && left.every((item, index) => this.equals(item, right[index]));
    }
    if (!isFields(left) || !isFields(right)) return false;
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && this.equals(left[name], right[name]))
    );
  }

  #step(): void {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new Unjudged();
  }
}

type Assertion = (check: SchemaCheck, operand: unknown, value: unknown, schema: Fields, depth: number) => boolean;

/** Without a prototype, because keywords are looked up by names that others write. */
const keywords: { readonly [keyword: string]: Assertion | undefined } = Object.assign(Object.create(null), {
  type: (_check, operand, value) =>
    typeof operand === "string"
      ? isOfType(operand, value)
      : listOf(operand).some((type) => isOfType(textOf(type), value)),
  enum: (check, operand, value) => listOf(operand).some((member) => check.equals(member, value)),
  const: (check, operand, value) => check.equals(operand, value),
  $ref: (check, operand, value, _schema, depth) => check.holds(check.resolve(operand), value, depth),
  allOf: (check, operand, value, _schema, depth) =>
    listOf(operand).every((schema) => check.holds(schema, value, depth)),
  anyOf: (check, operand, value, _schema, depth) => listOf(operand).some((schema) => check.holds(schema, value, depth)),
  oneOf: (check, operand, value, _schema, depth) =>
    listOf(operand).filter((schema) => check.holds(schema, value, depth)).length === 1,
  not: (check, operand, value, _schema, depth) => !check.holds(operand, value, depth),
  properties: (check, operand, value, _schema, depth) => {
    const properties = fieldsOf(operand);
    if (!isFields(value)) return true;
    return Object.keys(properties).every(
      (name) => !Object.hasOwn(value, name) || check.holds(properties[name], value[name], depth),
    );
  },
  additionalProperties: (check, operand, value, { properties = {} }, depth) => {
    const known = fieldsOf(properties);
    if (!isFields(value)) return true;
    return Object.keys(value).every((name) => Object.hasOwn(known, name) || check.holds(operand, value[name], depth));
  },
  required: (_check, operand, value) =>
    !isFields(value) || listOf(operand).every((name) => Object.hasOwn(value, textOf(name))),
  minProperties: (_check, operand, value) => !isFields(value) || Object.keys(value).length >= numberOf(operand),
  maxProperties: (_check, operand, value) => !isFields(value) || Object.keys(value).length <= numberOf(operand),
  prefixItems: (check, operand, value, _schema, depth) => {
    const schemas = listOf(operand);
    if (!Array.isArray(value)) return true;
    return schemas.every((schema, index) => index >= value.length || check.holds(schema, value[index], depth));
  },
  items: (check, operand, value, { prefixItems = [] }, depth) => {
    const first = listOf(prefixItems).length;
    if (!Array.isArray(value)) return true;
    return value.slice(first).every((item: unknown) => check.holds(operand, item, depth));
  },
  minItems: (_check, operand, value) => !Array.isArray(value) || value.length >= numberOf(operand),
  maxItems: (_check, operand, value) => !Array.isArray(value) || value.length <= numberOf(operand),
  uniqueItems: (check, operand, value) => {
    if (operand !== true || !Array.isArray(value)) return true;
    return value.every((item: unknown, index) => !value.slice(0, index).some((other) => check.equals(other, item)));
  },
  minLength: (_check, operand, value) => typeof value !== "string" || lengthOf(value) >= numberOf(operand),
  maxLength: (_check, operand, value) => typeof value !== "string" || lengthOf(value) <= numberOf(operand),
  minimum: (_check, operand, value) => typeof value !== "number" || value >= numberOf(operand),
  maximum: (_check, operand, value) => typeof value !== "number" || value <= numberOf(operand),
  exclusiveMinimum: (_check, operand, value) => typeof value !== "number" || value > numberOf(operand),
  exclusiveMaximum: (_check, operand, value) => typeof value !== "number" || value < numberOf(operand),
  multipleOf: (_check, operand, value) => typeof value !== "number" || isMultiple(value, numberOf(operand)),
} satisfies Record<string, Assertion>);

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isFields(value);
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      throw new Unjudged();
  }
}

/** Up to the error of one division, which decimal fractions cannot do without. */
function isMultiple(value: number, of: number): boolean {
  if (!(of > 0)) throw new Unjudged();
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * Number.EPSILON * 4;
}

/** In characters, not in the halves that UTF-16 makes of some. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(operand: unknown): Fields {
  if (isFields(operand)) return operand;
  throw new Unjudged();
}

function listOf(operand: unknown): readonly unknown[] {
  if (Array.isArray(operand)) return operand;
  throw new Unjudged();
}

function textOf(operand: unknown): string {
  if (typeof operand === "string") return operand;
  throw new Unjudged();
}

function numberOf(operand: unknown): number {
  if (typeof operand === "number") return operand;
  throw new Unjudged();
}

function unescapePointer(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    throw new Unjudged();
  }
}
