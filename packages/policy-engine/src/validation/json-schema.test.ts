import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSchema } from "./json-schema.ts";

const { schema: arbitrarySchema } = fc.letrec<{ schema: object }>((tie) => {
  const several = fc.array(tie("schema"), { minLength: 1, maxLength: 3 });
  const names = fc.constantFrom("a", "b", "c");
  const size = fc.nat({ max: 3 });
  const keyword = <Operand>(name: string, operand: fc.Arbitrary<Operand>) =>
    operand.map((value) => ({ [name]: value }));
  const some = fc.oneof(
    { maxDepth: 4 },
    keyword("type", fc.constantFrom("null", "array", "object", "integer", "string", "number", "boolean")),
    keyword("type", fc.uniqueArray(fc.constantFrom("null", "string", "object"), { minLength: 1 })),
    keyword("enum", fc.uniqueArray(fc.constantFrom(1, "a", null, 2), { minLength: 1 })),
    keyword("const", fc.oneof(fc.constantFrom(1, "a", null), fc.constant({ a: 1, b: [2] }))),
    keyword("minimum", size),
    keyword("exclusiveMaximum", size),
    keyword("multipleOf", fc.constantFrom(1, 2, 0.5)),
    keyword("minLength", size),
    keyword("maxLength", size),
    keyword("minItems", size),
    keyword("uniqueItems", fc.boolean()),
    keyword("minProperties", size),
    keyword("required", fc.uniqueArray(names)),
    keyword("properties", fc.dictionary(names, tie("schema"), { maxKeys: 3 })),
    keyword("additionalProperties", fc.oneof(fc.boolean(), tie("schema"))),
    keyword("items", tie("schema")),
    keyword("prefixItems", several),
    keyword("allOf", several),
    keyword("anyOf", several),
    keyword("oneOf", several),
    keyword("not", tie("schema")),
    fc.constant({ $ref: "#/$defs/shared" }),
  );
  return { schema: fc.array(some, { maxLength: 3 }).map((parts): object => Object.assign({}, ...parts) as object) };
});

const arbitraryValue = fc
  .jsonValue({ maxDepth: 3, stringUnit: "grapheme" })
  .chain((value) =>
    fc.oneof(
      fc.constant(value),
      fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constant(value)),
      fc.array(fc.constantFrom(value, 1, "a")),
    ),
  );

describe("checkSchema", () => {
  it("says what Ajv says", () => {
    fc.assert(
      fc.property(
        arbitrarySchema,
        arbitraryValue,
        fc.constantFrom("string", "object", "integer"),
        (schema, value, type) => {
          // Ajv tells multiples by parseInt, which reads 1e21 as 1.
          fc.pre(!JSON.stringify(value).includes("e+"));
          const whole = { ...schema, $defs: { shared: { type } } };
          const kept = new Ajv2020({ strict: false }).validate(whole, value);
          expect(checkSchema(whole, value)).toBe(kept ? "kept" : "violated");
        },
      ),
      { numRuns: 100 },
    );
  });

  it("does not judge by what it does not know", () => {
    expect(checkSchema({ type: "string", pattern: "(a+)+$" }, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")).toBe("unjudged");
    expect(checkSchema({ properties: { a: { pattern: "x" } } }, {})).toBe("kept");
    expect(checkSchema({ $ref: "https://example.com/schema" }, 1)).toBe("unjudged");
    expect(checkSchema({ $ref: "#/$defs/none" }, 1)).toBe("unjudged");
    expect(checkSchema({ type: "strange" }, 1)).toBe("unjudged");
    expect(checkSchema("no schema", 1)).toBe("unjudged");
  });

  it("gives up on schemas without end and on those that would take for ever", () => {
    expect(checkSchema({ $ref: "#" }, 1)).toBe("unjudged");
    const twice = (to: string) => ({ allOf: [{ $ref: to }, { $ref: to }] });
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => [`l${level}`, level === 39 ? {} : twice(`#/$defs/l${level + 1}`)]),
    );
    expect(checkSchema({ $defs, ...twice("#/$defs/l0") }, 1)).toBe("unjudged");
    const tree = { $ref: "#/$defs/node", $defs: { node: { type: "array", items: { $ref: "#/$defs/node" } } } };
    expect(checkSchema(tree, [[[]], []])).toBe("kept");
    expect(checkSchema(tree, [[[1]], []])).toBe("violated");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (schema, value) => {
        expect(["kept", "violated", "unjudged"]).toContain(checkSchema(schema, value));
      }),
    );
  });
});
