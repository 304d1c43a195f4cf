import { classifyHeldError } from "../failure/classify-failure.ts";
import { classifyStrayError } from "../failure/stray-error.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { ProviderFailure } from "../provider-codec.ts";
import type { EventData } from "../sse/event-stream.ts";
import type { CompletionFacts } from "./completion-facts.ts";
import type { OpenAiDialect } from "./dialect.ts";

/** The failure that the data of an event tell of, null for none. `isError` where the event itself says that it is one. */
export function failureInChunk(
  { bytes, start, end }: EventData,
  isError: boolean,
  { error, choices }: CompletionFacts,
  { errorMeanings }: OpenAiDialect,
): ProviderFailure | null {
  const isFailed = isError || error !== undefined;
  if (!isFailed && choices !== null) return null;
  const told = readJsonObject(bytes.subarray(start, end));
  return isFailed ? classifyHeldError(told, error ?? told, errorMeanings) : classifyStrayError(told, errorMeanings);
}
