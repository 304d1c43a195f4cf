import { expect, it } from "vitest";
import { toFile } from "openai";
import { startSimulator } from "../../testing/start-simulator.ts";

it("bills pictures by the picture, and by tokens where the model counts them", async () => {
  const { client, settledEntries } = await startSimulator();
  await client.images.generate({ model: "sim-image", prompt: "boats", n: 2 });
  await client.images.generate({ model: "gpt-image-sim", prompt: "boats", quality: "low" });
  const [plain, counting] = await settledEntries();
  expect(plain).toMatchObject({
    endpoint: "images.generations",
    units: { images: 2 },
    tokens: { input: 0, output: 0 },
  });
  expect(counting).toMatchObject({ units: { images: 1 }, tokens: { input: 1, output: 272 } });
});

it("bills speech by its characters and recordings by their seconds, and adds them up", async () => {
  const { client, simulator, settledEntries } = await startSimulator();
  await client.audio.speech.create({ model: "sim-tts", input: "港 boats", voice: "alloy" });
  const file = await toFile(Buffer.alloc(8_001), "speech.mp3");
  const answer = await client.audio.transcriptions.create({ model: "sim-whisper", file });
  expect(answer.text.split(" ")).toHaveLength(6);
  expect((await settledEntries()).map(({ units }) => units)).toEqual([{ characters: 7 }, { audioSeconds: 3 }]);
  expect(simulator.ledger.totals({}).units).toEqual({ audioSeconds: 3, characters: 7 });
});

it("bills nothing for an error in the place of speech", async () => {
  const { client, simulator, settledEntries } = await startSimulator();
  simulator.behaviours.set("*", "sim-tts", { errorStatus: 503 });
  await expect(client.audio.speech.create({ model: "sim-tts", input: "x", voice: "alloy" })).rejects.toThrow("503");
  expect((await settledEntries()).map(({ billed, units }) => [billed, units])).toEqual([[false, undefined]]);
});

it("judges texts for nothing", async () => {
  const { client, settledEntries } = await startSimulator();
  const answer = await client.moderations.create({ input: "hate" });
  expect(answer.results[0]?.categories.hate).toBe(true);
  expect(await settledEntries()).toMatchObject([{ model: "omni-moderation-latest", tokens: { input: 0 } }]);
});

it("ranks as Cohere does, errors included", async () => {
  const { post, settledEntries } = await startSimulator();
  const documents = Array.from({ length: 101 }, (_, index) => `document ${index}`);
  const answer = await post("/v2/rerank", { model: "rerank-sim", query: "boats", documents, top_n: 3 });
  const ranked = (await answer.json()) as { results: { relevance_score: number }[] };
  expect(ranked).toMatchObject({ meta: { billed_units: { search_units: 2 } } });
  const scores = ranked.results.map((result) => result.relevance_score);
  expect(scores).toEqual(scores.toSorted((left, right) => right - left));
  expect(scores).toHaveLength(3);
  const refused = await post("/v2/rerank", { model: "rerank-sim", query: "", documents });
  expect([refused.status, Object.keys((await refused.json()) as object)]).toEqual([400, ["id", "message"]]);
  expect(await settledEntries()).toMatchObject([{ units: { searchUnits: 2 } }, { outcome: "rejected" }]);
});
