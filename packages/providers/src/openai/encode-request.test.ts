import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestChanges, RequestToEncode } from "../provider-codec.ts";
import { openrouterCodec } from "../openrouter/codec.ts";
import { readRequest } from "../testing/read-request.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { type OpenAiDialect, openAiDialect } from "./dialect.ts";
import { encodeOpenAiRequest } from "./encode-request.ts";

const openai = openAiDialect;
const generic: OpenAiDialect = { ...openAiDialect, outputCapField: "max_tokens", otherCapField: "ignored" };
const provider = { kind: "some-kind", displayName: "Some provider" };

function accepted(request: RequestToEncode, dialect: OpenAiDialect) {
  const encoding = encodeOpenAiRequest(request, dialect, provider);
  if (!encoding.ok) throw new Error(encoding.message);
  return encoding;
}

function encode(text: string, changes: Partial<RequestChanges>, dialect = openai): string {
  return decodeUtf8(accepted(readRequest(text, changes), dialect).body);
}

describe("encodeOpenAiRequest", () => {
  test("gives back the client's own array when nothing has to change", () => {
    const request = readRequest(
      '{ "model" : "m", "stream":true,"stream_options":{"include_usage":true}, "max_tokens":5 }',
      {
        outputTokensCap: 5,
        includeUsage: true,
      },
    );
    const encoded = accepted(request, openai);
    expect(encoded.body).toBe(request.body);
    expect(encoded.changed).toEqual([]);
  });

  test.each<[string, string, Partial<RequestChanges>, string]>([
    ["another model", '{"model":"route","messages":[ ]}', { model: "gpt-5" }, '{"model":"gpt-5","messages":[ ]}'],
    ["a model with odd letters", '{"model":"route"}', { model: 'a"é' }, String.raw`{"model":"a\"é"}`],
    [
      "usage where nothing was asked",
      '{"model":"m","stream":true}',
      { includeUsage: true },
      '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      "usage where null was asked",
      '{"model":"m","stream":true,"stream_options":null}',
      { includeUsage: true },
      '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      "usage beside another option",
      '{"model":"m","stream":true,"stream_options":{ "include_obfuscation":false }}',
      { includeUsage: true },
      '{"model":"m","stream":true,"stream_options":{ "include_obfuscation":false ,"include_usage":true}}',
    ],
    [
      "usage that was declined",
      '{"stream_options":{"include_usage":false},"model":"m","stream":true}',
      { includeUsage: true },
      '{"stream_options":{"include_usage":true},"model":"m","stream":true}',
    ],
    [
      "usage in doubled keys",
      '{"model":"m","stream":true,"stream_options":{"include_usage":true,"a":1,"include_usage":false}}',
      { includeUsage: true },
      '{"model":"m","stream":true,"stream_options":{"include_usage":true,"a":1}}',
    ],
    [
      "no usage without a stream",
      '{"model":"m","stream":false}',
      { includeUsage: true },
      '{"model":"m","stream":false}',
    ],
    ["a cap where there was none", '{"model":"m"}', { outputTokensCap: 9 }, '{"model":"m","max_completion_tokens":9}'],
    [
      "a cap where there was null",
      '{"max_completion_tokens":null,"model":"m"}',
      { outputTokensCap: 9 },
      '{"max_completion_tokens":9,"model":"m"}',
    ],
    [
      "a lower cap, in the client's spelling",
      '{"model":"m","max_tokens":50}',
      { outputTokensCap: 9 },
      '{"model":"m","max_tokens":9}',
    ],
    [
      "both spellings",
      '{"model":"m","max_tokens":50,"max_completion_tokens":50}',
      { outputTokensCap: 9 },
      '{"model":"m","max_tokens":9,"max_completion_tokens":9}',
    ],
    ["no higher cap", '{"model":"m","max_tokens":5}', { outputTokensCap: 9 }, '{"model":"m","max_tokens":5}'],
  ])("changes %s", (_, text, changes, expected) => {
    expect(encode(text, changes)).toBe(expected);
  });

  test("always spells a cap so that a generic server heeds it", () => {
    expect(encode('{"model":"m"}', { outputTokensCap: 9 }, generic)).toBe('{"model":"m","max_tokens":9}');
    expect(encode('{"model":"m","max_tokens":50}', { outputTokensCap: 9 }, generic)).toBe(
      '{"model":"m","max_tokens":9}',
    );
    expect(encode('{"model":"m","max_completion_tokens":5}', { outputTokensCap: 9 }, generic)).toBe(
      '{"model":"m","max_completion_tokens":5,"max_tokens":5}',
    );
    expect(encode('{"model":"m","max_completion_tokens":50}', { outputTokensCap: 9 }, generic)).toBe(
      '{"model":"m","max_completion_tokens":9,"max_tokens":9}',
    );
    expect(encode('{"model":"m","max_completion_tokens":50}', {}, generic)).toBe(
      '{"model":"m","max_completion_tokens":50}',
    );
  });

  test("says the same in the words of a server that knows fewer", () => {
    const narrow: OpenAiDialect = {
      ...generic,
      otherCapField: "renamed",
      developerRole: false,
      stopAsString: false,
      streamOptions: false,
      parameters: { seed: { rename: "random_seed" }, store: "drop", n: "reject", logprobs: "reject" },
      defaults: { on_overflow: '"error"' },
    };
    const encoding = accepted(
      readRequest(
        '{"store":true, "model":"m","max_completion_tokens":7,"seed":1e2,"stop":"\\n","n":1,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"developer"}]}',
        { includeUsage: true },
      ),
      narrow,
    );
    expect(decodeUtf8(encoding.body)).toBe(
      '{"model":"m","stop":["\\n"],"n":1,"stream":true,"messages":[{"role":"system"}],"random_seed":1e2,"max_tokens":7,"on_overflow":"error"}',
    );
    expect(encoding.warnings).toEqual(["param=store; action=dropped; provider=some-kind"]);
    expect(encodeOpenAiRequest(readRequest('{"model":"m","n":2}'), narrow, provider)).toEqual({
      ok: false,
      param: "n",
      message: "'n' is not supported by Some provider. Send the request once for each answer that is wanted.",
    });
  });

  test("changes nothing of an embeddings request but its model", () => {
    const text = '{"model":"route","input":"a","stream":true}';
    const request = readRequest(text, { model: "e", outputTokensCap: 9, includeUsage: true }, "embeddings");
    const encoded = accepted(request, openai);
    expect(decodeUtf8(encoded.body)).toBe('{"model":"e","input":"a","stream":true}');
    expect(encoded.changed).toEqual(["model"]);
  });

  test("meets every change, and leaves every other member byte for byte", () => {
    const cap = fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined });
    const body = fc.record(
      {
        model: fc.string(),
        max_tokens: cap,
        max_completion_tokens: cap,
        stream: fc.boolean(),
        stream_options: fc.constantFrom(null, {}, { include_usage: false, x: 1 }),
        other: fc.jsonValue(),
      },
      { requiredKeys: ["model"] },
    );
    const changes = fc.record({
      model: fc.string(),
      outputTokensCap: fc.option(fc.integer({ min: 1, max: 100 })),
      includeUsage: fc.boolean(),
    });
    fc.assert(
      fc.property(body, changes, fc.constantFrom(openai, generic), (fields, wanted, dialect) => {
        const request = readRequest(JSON.stringify(fields, null, 1), wanted);
        const encoded = accepted(request, dialect);
        const after = readRequest(decodeUtf8(encoded.body));
        expect(after.parsed["model"]).toBe(wanted.model);
        const caps = [after.parsed["max_tokens"], after.parsed["max_completion_tokens"]].filter(
          (value) => value !== undefined,
        );
        const heeded =
          after.parsed[dialect.outputCapField] ?? (dialect.otherCapField === "ignored" ? undefined : caps[0]);
        const isBounded =
          typeof heeded === "number" && caps.every((value) => (value as number) <= (wanted.outputTokensCap ?? 100));
        expect(wanted.outputTokensCap === null || isBounded).toBe(true);
        const asksForUsage =
          (after.parsed["stream_options"] as { include_usage?: boolean } | null | undefined)?.include_usage === true;
        expect(!(wanted.includeUsage && fields.stream === true) || asksForUsage).toBe(true);
        for (const [name, member] of request.members.members) {
          const kept = after.members.members.get(name)!;
          const bytesBefore = request.body.slice(member.valueStart, member.valueEnd);
          expect(
            encoded.changed.includes(name) ||
              decodeUtf8(encoded.body, kept.valueStart, kept.valueEnd) === decodeUtf8(bytesBefore),
          ).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a router that may leave parameters out", () => {
  const sent = (fields: object) => {
    const encoded = openrouterCodec.encodeRequest(readRequest(JSON.stringify({ model: "m", messages: [], ...fields })));
    if (!encoded.ok) throw new Error(encoded.message);
    return (JSON.parse(decodeUtf8(encoded.body)) as { provider?: unknown }).provider;
  };

  test.each<[object, unknown]>([
    [{ response_format: { type: "json_object" } }, { require_parameters: true }],
    [
      { tools: [{}], provider: { order: ["a"] } },
      { order: ["a"], require_parameters: true },
    ],
    [{ stop: ["x"], provider: null }, { require_parameters: true }],
    [{ logprobs: true, provider: { require_parameters: false } }, { require_parameters: false }],
    [{ temperature: 1, seed: 7, n: 1, tool_choice: "auto" }, undefined],
    [{ provider: { order: ["a"] } }, { order: ["a"] }],
  ])("is told of %j by %j", (fields, provider) => {
    expect(sent(fields)).toEqual(provider);
  });
});
