import { waitForUpdate } from "@pydantic/genai-prices";
import { expect, it } from "vitest";
import { capabilitiesOf } from "./model-capabilities.ts";

it.each([
  ["text-embedding-3-small", "embeddings"],
  ["gpt-image-1", "images"],
  ["dall-e-3", "images"],
  ["black-forest-labs/FLUX.1-schnell", "images"],
  ["whisper-large-v3", "transcriptions"],
  ["gpt-4o-transcribe", "transcriptions"],
  ["tts-1-hd", "speech"],
  ["gpt-4o-mini-tts", "speech"],
  ["omni-moderation-latest", "moderations"],
  ["rerank-v3.5", "rerank"],
  ["gpt-4o-audio-preview", "chat"],
  ["gemini-2.5-flash-image", "chat"],
])("takes %s for a model of %s", (name, operation) => {
  expect(capabilitiesOf(name).operations).toEqual([operation]);
});

it("finds every operation among the models that the data set prices, and takes most for chat models", async () => {
  const providers = (await waitForUpdate()) ?? [];
  const names = providers.flatMap(({ models }) => models.map(({ id }) => id));
  const found = names.map((name) => capabilitiesOf(name).operations[0]);
  expect(new Set(found)).toContain("transcriptions");
  expect(found.filter((operation) => operation === "chat").length).toBeGreaterThan(names.length / 2);
});
