import { expect, it } from "vitest";
import type { Behaviour } from "../../behaviour/behaviour.ts";
import { MODEL, startSimulator, type TestSimulator } from "../../testing/start-simulator.ts";

interface Response {
  readonly candidates: readonly {
    readonly content: { readonly parts?: readonly { readonly text?: string; readonly functionCall?: object }[] };
    readonly finishReason?: string;
    readonly index: number;
    readonly logprobsResult?: {
      readonly chosenCandidates: readonly { readonly token: string }[];
      readonly topCandidates?: readonly { readonly candidates: readonly object[] }[];
    };
  }[];
  readonly usageMetadata: Readonly<Record<string, number>>;
}

const HELLO = {
  contents: [{ role: "user", parts: [{ text: "Say hello." }] }],
  generationConfig: { maxOutputTokens: 500 },
};
const TOOLS = {
  tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: { type: "object" } }] }],
  toolConfig: { functionCallingConfig: { mode: "ANY" } },
};
const PATHS = [
  `/v1beta/models/${MODEL}`,
  `/providers/vertex/v1/projects/p/locations/europe-west4/publishers/google/models/${MODEL}`,
];

async function start(behaviour: Behaviour = {}) {
  const test: TestSimulator = await startSimulator();
  test.behave(behaviour);
  const whole = async (body: object, path = PATHS[0]): Promise<Response> =>
    (await (await test.post(`${path}:generateContent`, body)).json()) as Response;
  const streamed = async (body: object, path = PATHS[0]): Promise<Response[]> => {
    const text = await (await test.post(`${path}:streamGenerateContent?alt=sse`, body)).text();
    return text
      .split("\r\n\r\n")
      .filter((event) => event !== "")
      .map((event) => JSON.parse(event.replace(/^data: /, "")) as Response);
  };
  return { ...test, whole, streamed };
}

it.each(PATHS)("at %s usage is what the ledger bills, whole and streamed", async (path) => {
  const { whole, streamed, settledEntries } = await start({ reasoningTokens: 30, cachedTokensShare: 0.5 });
  const answer = await whole(HELLO, path);
  const parts = await streamed(HELLO, path);
  const last = parts.at(-1);
  expect(last?.candidates[0]?.finishReason).toBe("STOP");
  for (const [index, usage] of [answer.usageMetadata, last?.usageMetadata].entries()) {
    const { promptTokenCount = 0, cachedContentTokenCount = 0, candidatesTokenCount, thoughtsTokenCount } = usage ?? {};
    expect((await settledEntries())[index]).toMatchObject({
      model: MODEL,
      tokens: {
        input: promptTokenCount - cachedContentTokenCount,
        cachedInput: cachedContentTokenCount,
        output: candidatesTokenCount,
        reasoning: thoughtsTokenCount,
      },
    });
  }
});

it("calls a tool, whole and streamed", async () => {
  const { whole, streamed } = await start();
  const called = { functionCall: { name: "weather", args: expect.any(Object) as object } };
  expect((await whole({ ...HELLO, ...TOOLS })).candidates[0]?.content.parts).toMatchObject([called]);
  const [first] = await streamed({ ...HELLO, ...TOOLS });
  expect(first?.candidates[0]?.content.parts).toMatchObject([called]);
});

it.each<[Behaviour, string]>([
  [{ contentFilter: true }, "SAFETY"],
  [{ outputTokens: 900 }, "MAX_TOKENS"],
  [{ emptyAnswer: true }, "STOP"],
])("ends with %o as %s", async (behaviour, finish) => {
  const { whole, streamed } = await start(behaviour);
  expect((await whole(HELLO)).candidates[0]?.finishReason).toBe(finish);
  expect((await streamed(HELLO)).at(-1)?.candidates[0]?.finishReason).toBe(finish);
});

it.each<[object, string]>([
  [{ contents: [] }, "contents is not specified"],
  [{ ...HELLO, model: "m" }, 'Unknown name "model"'],
  [{ contents: [{ role: "assistant", parts: [{ text: "x" }] }] }, "valid role"],
  [{ contents: [{ role: "user", parts: [{}] }] }, "required oneof field"],
  [
    {
      contents: [
        { role: "model", parts: [{ functionCall: { name: "a", args: {} } }] },
        { role: "user", parts: [{ text: "and?" }] },
      ],
    },
    "number of function response parts",
  ],
])("refuses %j as the API does", async (body, complaint) => {
  const { post } = await start();
  const response = await post(`${PATHS[0]}:generateContent`, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: 400, status: "INVALID_ARGUMENT", message: expect.stringContaining(complaint) as string },
  });
});

it("breaks off, fails in mid-stream and answers errors like the other protocols", async () => {
  const { behave, post, streamed, settledEntries } = await start({ errorMidStream: 2 });
  expect((await streamed(HELLO)).at(-1)).toMatchObject({ error: { code: 500, status: "INTERNAL" } });
  behave({ cleanEofAfterChunks: 2 });
  expect((await streamed(HELLO)).map(({ candidates }) => candidates[0]?.finishReason)).toEqual([undefined, undefined]);
  behave({ errorStatus: 429, retryAfter: "3" });
  const refused = await post(`${PATHS[0]}:generateContent`, HELLO);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3"]);
  expect((await settledEntries()).map(({ outcome }) => outcome)).toEqual(["errored", "ended_early", "errored"]);
});

it("gives as many candidates as are asked for, whole and streamed, and bills all of them", async () => {
  const { whole, streamed, settledEntries } = await start({ outputTokens: 10 });
  const body = { ...HELLO, generationConfig: { candidateCount: 3 } };
  const answer = await whole(body);
  const parts = await streamed(body);
  const texts = (index: number) =>
    parts
      .flatMap(({ candidates }) => candidates)
      .filter((candidate) => candidate.index === index)
      .flatMap(({ content }) => content.parts ?? [])
      .map(({ text }) => text)
      .join("");
  expect(answer.candidates.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(new Set(answer.candidates.map(({ content }) => content.parts?.[0]?.text)).size).toBe(3);
  for (const { index, content } of answer.candidates) expect(texts(index)).toBe(content.parts?.[0]?.text);
  expect((await settledEntries()).map(({ tokens }) => tokens.output)).toEqual([30, 30]);
});

it("tells how probable the tokens were where that is asked for, and in no other case", async () => {
  const { whole, streamed, post } = await start({ outputTokens: 6 });
  const body = { ...HELLO, generationConfig: { responseLogprobs: true, logprobs: 2 } };
  const [candidate] = (await whole(body)).candidates;
  const chosen = candidate?.logprobsResult?.chosenCandidates ?? [];
  expect(chosen.map(({ token }) => token).join("")).toBe(candidate?.content.parts?.[0]?.text);
  expect(candidate?.logprobsResult?.topCandidates?.map(({ candidates }) => candidates.length)).toEqual(
    chosen.map(() => 2),
  );
  const pieces = (await streamed(body)).flatMap(
    ({ candidates }) => candidates[0]?.logprobsResult?.chosenCandidates ?? [],
  );
  expect(pieces.map(({ token }) => token)).toEqual(chosen.map(({ token }) => token));
  expect((await whole(HELLO)).candidates[0]).not.toHaveProperty("logprobsResult");
  const refused = await post(`${PATHS[0]}:generateContent`, { ...HELLO, generationConfig: { logprobs: 2 } });
  expect(refused.status).toBe(400);
});
