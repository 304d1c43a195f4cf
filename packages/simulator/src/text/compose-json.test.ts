import { describe, expect, it } from "vitest";
import { z } from "zod";
import { composeJson } from "./compose-json.ts";
import { Dice } from "./dice.ts";

const SCHEMAS: Record<string, object> = {
  "a flat object": {
    type: "object",
    properties: {
      city: { type: "string" },
      count: { type: "integer" },
      ok: { type: "boolean" },
      none: { type: "null" },
    },
    required: ["city", "count", "ok", "none"],
    additionalProperties: false,
  },
  "nested arrays": { type: "array", minItems: 2, maxItems: 4, items: { type: "array", items: { type: "number" } } },
  bounds: {
    type: "object",
    properties: {
      small: { type: "integer", minimum: 3, maximum: 5 },
      open: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 2 },
      negative: { type: "integer", maximum: -10 },
      stepped: { type: "integer", multipleOf: 7, minimum: 50 },
      short: { type: "string", maxLength: 3 },
      long: { type: "string", minLength: 40 },
    },
    required: ["small", "open", "negative", "stepped", "short", "long"],
  },
  choices: {
    type: "object",
    properties: {
      unit: { enum: ["celsius", "kelvin"] },
      version: { const: 3 },
      either: { anyOf: [{ type: "string" }, { type: "integer" }] },
      maybe: { type: ["string", "null"] },
    },
    required: ["unit", "version", "either", "maybe"],
  },
  formats: {
    type: "object",
    properties: {
      at: { type: "string", format: "date-time" },
      mail: { type: "string", format: "email" },
      id: { type: "string", format: "uuid" },
    },
    required: ["at", "mail", "id"],
  },
  "a recursive tree": {
    $defs: {
      node: {
        type: "object",
        properties: {
          name: { type: "string" },
          left: { $ref: "#/$defs/node" },
          children: { type: "array", items: { $ref: "#/$defs/node" } },
        },
        required: ["name"],
      },
    },
    $ref: "#/$defs/node",
  },
};

describe("composeJson", () => {
  it.each(Object.entries(SCHEMAS))("makes valid values of %s", (_, schema) => {
    const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    for (let salt = 0; salt < 50; salt += 1) {
      const value = composeJson(schema, new Dice([1, 2, 3, 4], salt));
      expect({ value, isValid: validator.safeParse(value).success }).toEqual({ value, isValid: true });
    }
  });

  it("merges what allOf asks for", () => {
    const schema = {
      allOf: [
        { type: "object", properties: { left: { const: 1 } }, required: ["left"] },
        { properties: { right: { const: 2 } }, required: ["right"] },
      ],
    };
    expect(composeJson(schema, new Dice([1, 2, 3, 4]))).toEqual({ left: 1, right: 2 });
  });

  it("makes the same value from the same dice", () => {
    const compose = (salt: number): unknown => composeJson(SCHEMAS["nested arrays"], new Dice([1, 2, 3, 4], salt));
    expect(compose(1)).toEqual(compose(1));
    expect(new Set(Array.from({ length: 20 }, (_, salt) => JSON.stringify(compose(salt)))).size).toBeGreaterThan(5);
  });

  it.each([
    [
      "a schema that requires itself",
      { type: "object", properties: { again: { $ref: "#" }, more: { $ref: "#" } }, required: ["again", "more"] },
    ],
    ["a reference to itself", { $ref: "#" }],
    ["no schema at all", undefined],
  ])("comes to an end with %s", (_, schema) => {
    expect(JSON.stringify(composeJson(schema, new Dice([1, 2, 3, 4])))).toEqual(expect.any(String));
  });
});
