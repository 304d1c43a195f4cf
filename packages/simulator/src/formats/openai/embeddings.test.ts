import { describe, expect, it } from "vitest";
import { MODEL, startSimulator } from "../../testing/start-simulator.ts";

const TEXT = { model: MODEL, input: "a quiet harbour" };

describe("embeddings", () => {
  it("gives vectors of length 1, the same as floats and as base64", async () => {
    const { client } = await startSimulator();
    const asFloats = await client.embeddings.create({ ...TEXT, encoding_format: "float" });
    const asBase64 = await client.embeddings.create({ ...TEXT, encoding_format: "base64" });
    const vector = asFloats.data[0]?.embedding ?? [];
    expect(vector).toHaveLength(1_536);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    const bytes = Buffer.from(asBase64.data[0]?.embedding as unknown as string, "base64");
    expect(Array.from({ length: 1_536 }, (_, index) => bytes.readFloatLE(index * 4))).toEqual(vector);
    // The official client asks for base64 by itself and decodes it.
    expect((await client.embeddings.create(TEXT)).data[0]?.embedding).toEqual(vector);
  });

  it("embeds each input by itself, in order, and bills their tokens", async () => {
    const { client, settledEntries } = await startSimulator();
    const batch = await client.embeddings.create({ model: MODEL, input: ["one", "two words"], dimensions: 8 });
    expect(batch.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 8],
      [1, 8],
    ]);
    expect(batch.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    const single = await client.embeddings.create({ model: MODEL, input: "two words", dimensions: 8 });
    expect(single.data[0]?.embedding).toEqual(batch.data[1]?.embedding);
    expect(single.data[0]?.embedding).not.toEqual(batch.data[0]?.embedding);
    expect(await settledEntries()).toMatchObject([
      { endpoint: "embeddings", outcome: "complete", tokens: { input: 3, cachedInput: 0, output: 0, reasoning: 0 } },
      { tokens: { input: 2 } },
    ]);
  });

  it("takes token numbers", async () => {
    const { client } = await startSimulator();
    expect((await client.embeddings.create({ model: MODEL, input: [1, 2, 3] })).usage.prompt_tokens).toBe(3);
    expect((await client.embeddings.create({ model: MODEL, input: [[1, 2], [3]] })).data).toHaveLength(2);
  });

  it("embeds differently for another model, provider or seed", async () => {
    const first = await startSimulator({ seed: "a" });
    const second = await startSimulator({ seed: "b" });
    const vectors = await Promise.all([
      first.client.embeddings.create(TEXT),
      first.client.embeddings.create({ ...TEXT, model: "other" }),
      first.clientOf("other").embeddings.create(TEXT),
      second.client.embeddings.create(TEXT),
    ]);
    expect(new Set(vectors.map(({ data }) => String(data[0]?.embedding))).size).toBe(4);
  });

  it.each([
    [{ input: "x" }, "model"],
    [{ model: "m" }, "input"],
    [{ model: "m", input: "" }, "input"],
    [{ model: "m", input: [] }, "input"],
    [{ model: "m", input: ["x", 1] }, "input"],
    [{ model: "m", input: [1.5] }, "input"],
    [{ model: "m", input: Array.from({ length: 2_049 }, () => "x") }, "input"],
    [{ model: "m", input: "x", dimensions: 0 }, "dimensions"],
    [{ model: "m", input: "x", encoding_format: "int8" }, "encoding_format"],
  ])("rejects bad request %#", async (body, param) => {
    const { post } = await startSimulator();
    const response = await post("/v1/embeddings", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.objectContaining({ type: "invalid_request_error", param }) });
  });
});
