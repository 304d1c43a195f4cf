import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactFields, redactText, redactValue } from "./redact-value.ts";

class Connection {
  readonly host = "db";
  readonly password = "CANARY";
}

const shapedSecret = fc.constantFrom(
  "sk-sy-CANARYabcdef_0123456789",
  "sy-admin-CANARYabcdef",
  "Bearer CANARYabcdefgh",
  "AIzaSyCANARYabcdefghijklmnop",
  "AKIACANARYABCDEFGH",
  "https://user:CANARY@host/",
  "?key=CANARY",
  "-----BEGIN PRIVATE KEY-----\nCANARY",
);
const sensitiveName = fc.constantFrom(
  "authorization",
  "cookie",
  "x-api-key",
  "password",
  "clientSecret",
  "access_token",
  "credentials",
);
const harmless = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
  fc.double(),
);
const secretLeaf = fc.oneof(
  fc.tuple(fc.string(), shapedSecret, fc.string()).map(([before, secret, after]) => `${before} ${secret} ${after}`),
  fc
    .tuple(
      sensitiveName,
      fc.oneof(fc.constant("CANARY in words"), fc.constant(["CANARY"]), fc.constant({ value: "CANARY" })),
    )
    .map(([name, value]) => ({ [name]: value })),
  sensitiveName.map((name) => new Map([[name, "CANARY"]])),
  sensitiveName.map((name) => new Headers([[name, "CANARY"]])),
  sensitiveName.map((name) => [name, "CANARY"]),
  shapedSecret.map((secret) => ({ [secret]: 1 })),
  shapedSecret.map((secret) => new Error(secret, { cause: new TypeError(secret) })),
  shapedSecret.map((secret) => Object.assign(new Error("x"), { code: secret, headers: { authorization: "CANARY" } })),
  shapedSecret.map((secret) => new AggregateError([new Error(secret)], secret)),
  fc.constant(Buffer.from("CANARY")),
  fc.constant(new TextEncoder().encode("CANARY").buffer),
  fc.constant(new Connection()),
  shapedSecret.map((secret) => ({ toJSON: () => ({ nested: secret }) })),
  shapedSecret.map((secret) => new URL(`https://example.com/?key=${encodeURIComponent(secret)}`)),
  shapedSecret.map((secret) => Symbol(secret)),
  shapedSecret.map((secret) => ({
    get broken(): never {
      throw new Error(secret);
    },
  })),
  shapedSecret.map(
    (secret) =>
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error(secret);
          },
          get() {
            throw new Error(secret);
          },
          getPrototypeOf() {
            throw new Error(secret);
          },
        },
      ),
  ),
  shapedSecret.map((secret) => Object.assign(Object.create(null), { secretly: secret, __proto__: secret })),
);
const { graph } = fc.letrec<{ graph: unknown }>((tie) => ({
  graph: fc.oneof(
    { depthSize: "medium" },
    harmless,
    secretLeaf,
    fc.array(tie("graph"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("graph"), { maxKeys: 4 }),
    fc.array(tie("graph"), { maxLength: 3 }).map((items) => new Set(items)),
    fc.array(fc.tuple(tie("graph"), tie("graph")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    tie("graph").map((inner) => new Error("outer", { cause: inner })),
    tie("graph").map((inner) => {
      const cyclic: Record<string, unknown> = { inner };
      cyclic["self"] = cyclic;
      return cyclic;
    }),
  ),
}));

describe("redactValue", () => {
  it("lets no secret through, whatever the object graph, and never throws", () => {
    fc.assert(
      fc.property(graph, (value) => {
        expect(JSON.stringify(redactValue(value))).not.toContain("CANARY");
        expect(JSON.stringify(redactFields({ value }))).not.toContain("CANARY");
      }),
      { numRuns: 3_000 },
    );
  });

  it("keeps what is harmless", () => {
    const input = {
      id: "r1",
      n: 1.5,
      ok: true,
      none: null,
      list: [1, "two"],
      nested: { model: "m", inputTokens: 5, costPicoUsd: 12n },
    };
    expect(JSON.parse(JSON.stringify(redactValue(input)))).toEqual({
      ...input,
      nested: { ...input.nested, costPicoUsd: "12" },
    });
  });

  it("judges values by their names, in records, maps, headers and raw header lists", () => {
    expect(redactValue({ password: 123_456, token: 5, isSecret: true, secret: null })).toEqual({
      password: "[redacted]",
      token: 5,
      isSecret: true,
      secret: null,
    });
    const named = { "content-type": "text/plain", authorization: "[redacted]" };
    expect(redactValue(new Headers({ "content-type": "text/plain", authorization: "x" }))).toEqual(named);
    expect(redactValue(new Map(Object.entries({ "content-type": "text/plain", authorization: "x" })))).toEqual(named);
    expect(redactValue(["content-type", "text/plain", "authorization", "x"])).toEqual(Object.entries(named).flat());
  });

  it("spells out what JSON has no word for", () => {
    const input = [
      Number.NaN,
      -Infinity,
      undefined,
      () => 1,
      Symbol("s"),
      new Date(0),
      new Date(Number.NaN),
      Buffer.alloc(3),
      new Set([1]),
      new Map([["a", 1]]),
      new URLSearchParams("a=1"),
    ];
    expect(redactValue(input)).toEqual([
      "NaN",
      "-Infinity",
      null,
      "[function]",
      "[symbol]",
      "1970-01-01T00:00:00.000Z",
      "[invalid date]",
      "[3 bytes]",
      [1],
      { a: 1 },
      { a: "1" },
    ]);
  });

  it("keeps type, code, message, stack and cause of an error and nothing else", () => {
    const error = Object.assign(new RangeError("outer", { cause: new Error("inner") }), {
      code: "E_CODE",
      query: "select 1",
      detail: "row",
    });
    const result = redactValue(error) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual(["type", "code", "message", "stack", "cause"]);
    expect(result).toMatchObject({
      type: "RangeError",
      code: "E_CODE",
      message: "outer",
      cause: { type: "Error", message: "inner" },
    });
  });

  it("stops at cycles, depth, width and size", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    expect(redactValue(cyclic)).toEqual({ self: "[circular]" });
    const shared = { a: 1 };
    expect(redactValue([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);

    let deep: unknown = "bottom";
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    expect(JSON.stringify(redactValue(deep))).toContain("[too deep]");

    expect(redactValue(Array.from({ length: 101 }, () => 0))).toHaveLength(101);
    expect((redactValue(Array.from({ length: 10_000 }, () => 0)) as unknown[]).at(-1)).toBe("[9900 more]");
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field${index}`, index]));
    expect(redactValue(wide)).toMatchObject({ field0: 0, omittedFields: 4_900 });

    const large = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => "x".repeat(10_000)));
    expect(JSON.stringify(redactValue(large)).length).toBeLessThan(16_000);
    function* endless(): Generator<[string, string]> {
      for (let index = 0; ; index += 1) yield [`k${index}`, "x".repeat(1_000)];
    }
    const endlessMap = new Map<string, string>();
    endlessMap[Symbol.iterator] = endless as never;
    expect(JSON.stringify(redactValue(endlessMap)).length).toBeLessThan(16_000);
  });

  it("does not let a field named __proto__ change the result's prototype", () => {
    const result = redactValue(JSON.parse('{"__proto__":{"polluted":true},"a":1}')) as object;
    expect("polluted" in result).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("redactText", () => {
  it("spells out control and hiding characters, and keeps tab and newline", () => {
    expect(redactText("a\u001b[31mb\u0000\u009b\u2028\u202e\u200b\r\n\tc")).toBe(
      String.raw`a\u001b[31mb\u0000\u009b\u2028\u202e\u200b\u000d` + "\n\tc",
    );
  });

  it.each(["x", "é", "漢", "🔑"])("cuts to whole characters within the bytes allowed (%s)", (character) => {
    for (const extra of [-1, 0, 1]) {
      const text = character.repeat(Math.floor(2_048 / Buffer.byteLength(character)) + extra);
      const result = redactText(text);
      expect(Buffer.byteLength(result)).toBeLessThanOrEqual(2_048);
      expect(result).not.toContain("\ufffd");
      expect(result === text).toBe(Buffer.byteLength(text) <= 2_048);
    }
    expect(redactText(character.repeat(100_000))).toMatch(/… \[\d+ characters\]$/);
  });

  it("recognises a secret on the edge of the cut", () => {
    for (let offset = 1_900; offset < 2_060; offset += 1) {
      const text = `${" ".repeat(offset)}https://user:${"CANARY".repeat(30)}@host/${"x".repeat(5_000)}`;
      expect(redactText(text)).not.toContain("CANARY");
    }
  });
});
