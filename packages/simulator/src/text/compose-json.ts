import type { Dice } from "./dice.ts";
import { isJsonObject, type JsonObject } from "./json-object.ts";

/** Below this depth only what the schema requires is produced, so that recursive schemas end. */
const OPTIONAL_DEPTH = 6;
/** A schema that requires itself without end has no valid value; the budget stops it. */
const NODE_BUDGET = 2_000;

const WORDS = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "islet", "juniper"];

const STRING_FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2026-01-15T09:30:00Z",
  date: "2026-01-15",
  time: "09:30:00Z",
  duration: "PT15M",
  email: "heron@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/heron",
  uuid: "6f1d2c3b-4a59-4e87-9c0d-1b2a3c4d5e6f",
};

/**
 * A value that is valid under the JSON Schema, the same for the same dice.
 *
 * Understood: `type` (also as a list), `properties`, `required`, `items`, `prefixItems`, `enum`, `const`, `anyOf`,
 * `oneOf`, `allOf` (merged), local `$ref`, the bounds of numbers, strings and arrays, `multipleOf`, and the usual
 * `format`s. Not understood: `pattern`, `not`, `if`. A schema it cannot follow gives a string, one without end a null.
 */
export function composeJson(schema: unknown, dice: Dice): unknown {
  return new JsonComposer(schema, dice).compose(schema, 0);
}

class JsonComposer {
  readonly #root: unknown;
  readonly #dice: Dice;
  #nodes = 0;

  constructor(root: unknown, dice: Dice) {
    this.#root = root;
    this.#dice = dice;
  }

  compose(schema: unknown, depth: number): unknown {
    this.#nodes += 1;
    if (this.#nodes > NODE_BUDGET) return null;
    if (!isJsonObject(schema)) return this.#word();
    if (typeof schema["$ref"] === "string") return this.compose(this.#resolve(schema["$ref"]), depth + 1);
    if ("const" in schema) return schema["const"];
    if (Array.isArray(schema["enum"])) return this.#pick(schema["enum"]);
    if (Array.isArray(schema["allOf"])) return this.compose(mergeAll(schema, schema["allOf"]), depth);
    const options = schema["anyOf"] ?? schema["oneOf"];
    if (Array.isArray(options)) return this.compose(depth > OPTIONAL_DEPTH ? simplest(options) : options[0], depth + 1);
    return this.#composeType(typeOf(schema), schema, depth);
  }

  #composeType(type: string, schema: JsonObject, depth: number): unknown {
    switch (type) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return this.#array(schema, depth);
      case "integer":
      case "number":
        return this.#number(schema, type);
      case "boolean":
        return this.#dice.nextInteger(0, 1) === 1;
      case "null":
        return null;
      default:
        return this.#string(schema);
    }
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const composed: Record<string, unknown> = {};
    for (const [name, property] of Object.entries(properties)) {
      if (depth > OPTIONAL_DEPTH && !required.includes(name)) continue;
      composed[name] = this.compose(property, depth + 1);
    }
    for (const name of required) {
      if (typeof name === "string" && !(name in composed)) composed[name] = this.#word();
    }
    return composed;
  }

  #array(schema: JsonObject, depth: number): unknown[] {
    const prefix = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
    const minimum = Math.max(numberOr(schema["minItems"], 0), prefix.length);
    const wanted = depth > OPTIONAL_DEPTH ? minimum : Math.max(minimum, this.#dice.nextInteger(1, 3));
    const length = Math.min(wanted, numberOr(schema["maxItems"], wanted), NODE_BUDGET);
    return Array.from({ length }, (_, index) => this.compose(prefix[index] ?? schema["items"], depth + 1));
  }

  #number(schema: JsonObject, type: "integer" | "number"): number {
    const smallestStep = type === "integer" ? 1 : 0.5;
    const step = numberOr(schema["multipleOf"], smallestStep);
    const exclusiveMinimum = numberOr(schema["exclusiveMinimum"], Number.NEGATIVE_INFINITY) + step;
    const exclusiveMaximum = numberOr(schema["exclusiveMaximum"], Number.POSITIVE_INFINITY) - step;
    const maximum = Math.min(numberOr(schema["maximum"], Number.POSITIVE_INFINITY), exclusiveMaximum);
    const minimum = Math.max(numberOr(schema["minimum"], Number.NEGATIVE_INFINITY), exclusiveMinimum);
    const lowest = Number.isFinite(minimum) ? minimum : Math.min(0, maximum);
    const highest = Number.isFinite(maximum) ? maximum : lowest + 100 * step;
    const firstStep = Math.ceil(lowest / step);
    const lastStep = Math.max(firstStep, Math.floor(highest / step));
    const chosen = this.#dice.nextInteger(firstStep, lastStep) * step;
    return chosen <= highest ? chosen : lowest;
  }

  #string(schema: JsonObject): string {
    const format = typeof schema["format"] === "string" ? STRING_FORMATS[schema["format"]] : undefined;
    if (format !== undefined) return format;
    let text = this.#word();
    const minimum = Math.min(numberOr(schema["minLength"], 0), NODE_BUDGET);
    while (text.length < minimum) text += ` ${this.#word()}`;
    return text.slice(0, numberOr(schema["maxLength"], text.length));
  }

  #resolve(reference: string): unknown {
    if (!reference.startsWith("#")) return undefined;
    let target = this.#root;
    for (const part of reference.slice(1).split("/").slice(1)) {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      target = isJsonObject(target) || Array.isArray(target) ? (target as JsonObject)[name] : undefined;
    }
    return target;
  }

  #pick<Item>(items: readonly Item[]): Item | null {
    return items[this.#dice.nextInteger(0, items.length - 1)] ?? null;
  }

  #word(): string {
    return this.#pick(WORDS) ?? "";
  }
}

function typeOf(schema: JsonObject): string {
  const type = schema["type"];
  const types: unknown[] = Array.isArray(type) ? type : [type];
  const first = types.find((candidate) => typeof candidate === "string" && candidate !== "null") ?? types[0];
  if (typeof first === "string") return first;
  if ("properties" in schema || "required" in schema) return "object";
  return "items" in schema || "prefixItems" in schema ? "array" : "string";
}

function simplest(options: readonly unknown[]): unknown {
  const isLeaf = (option: unknown): boolean =>
    isJsonObject(option) && !("$ref" in option) && typeOf(option) !== "object";
  return (
    options.find((option) => isJsonObject(option) && option["type"] === "null") ?? options.find(isLeaf) ?? options[0]
  );
}

function mergeAll(schema: JsonObject, parts: readonly unknown[]): JsonObject {
  const { allOf: _merged, ...merged } = schema;
  const properties: Record<string, unknown> = {};
  const required: unknown[] = [];
  for (const part of [...parts, schema]) {
    if (!isJsonObject(part)) continue;
    const { allOf: _nested, ...rest } = part;
    Object.assign(merged, rest);
    if (isJsonObject(part["properties"])) Object.assign(properties, part["properties"]);
    if (Array.isArray(part["required"])) required.push(...part["required"]);
  }
  return {
    ...merged,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}
