/** What an application may want of any provider, and the recorded answer that each kind gives. */
import { isDeepStrictEqual } from "node:util";
import { parseArguments, type Question, type Reading } from "./reading.ts";
import { readRecordings, type Recording } from "./recording.ts";

export interface ProviderCase {
  readonly title: string;
  readonly question: Omit<Question, "route">;
  /** Recordings to answer with, the best first: of the kind itself, or else of the protocol that it speaks. */
  readonly recordings: readonly string[];
  readonly isRight: (reading: Reading) => boolean;
  /** Text that the provider must have been sent. */
  readonly sends?: string;
  /** Kinds whose protocol has no word for it. */
  readonly unknownTo?: readonly string[];
}

const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const schema = {
  type: "object",
  properties: { harbour_name: { type: "string" } },
  required: ["harbour_name"],
  additionalProperties: false,
};
const plain = { stream: false, offersTools: false };
const ends = (finish: string) => (reading: Reading) => reading.error === null && reading.finish === finish;
const isOfSchema = (reading: Reading): boolean =>
  ends("stop")(reading) && isDeepStrictEqual(parseArguments(reading.text), { harbour_name: "Bergen" });
const says = (reading: Reading): boolean => ends("stop")(reading) && reading.text !== "";

export const providerCases: readonly ProviderCase[] = [
  {
    title: "plain",
    question: plain,
    recordings: [
      "text",
      "thinking",
      "cache-told-at-the-top",
      "reasoning-outside-completion",
      "end-of-sequence",
      "deep-research-usage",
    ],
    isRight: says,
  },
  {
    title: "streamed",
    question: { ...plain, stream: true },
    recordings: [
      "text-streamed",
      "early-finish",
      "thinking-streamed",
      "reasoning-streamed",
      "finish-repeated-with-usage",
      "time-info-with-usage",
      "usage-in-last-chunk",
      "usage-in-vendor-member",
      "reasoning-outside-completion-streamed",
      "cumulative-without-done",
      "null-delta-streamed",
    ],
    isRight: says,
  },
  {
    title: "tools",
    question: { ...plain, offersTools: true },
    recordings: ["tools", "call-with-id", "tool-call", "tools-with-stop"],
    isRight: (reading) => ends("tool_calls")(reading) && reading.tools.length === 1,
  },
  {
    title: "parallel tools, streamed",
    question: { stream: true, offersTools: true },
    recordings: [
      "parallel-tools-streamed",
      "parallel-calls-streamed",
      "thinking-and-parallel-tools-streamed",
      "whole-tool-calls-streamed",
      "tools-with-empty-ids-streamed",
      "tools-with-repeated-ids",
      "tools-all-with-index-zero-streamed",
    ],
    isRight: (reading) => ends("tool_calls")(reading) && reading.tools.length >= 2,
    // It makes one call, whatever was asked for.
    unknownTo: ["tgi"],
  },
  {
    title: "JSON schema",
    question: { ...plain, schema },
    recordings: ["json"],
    isRight: isOfSchema,
    sends: "harbour_name",
  },
  {
    title: "images",
    question: { ...plain, image: pixel },
    recordings: ["text"],
    isRight: says,
    sends: pixel,
  },
  {
    title: "reasoning",
    question: { ...plain, stream: true, reasoningEffort: "low" },
    recordings: [
      "reasoning-streamed",
      "thinking-streamed",
      "thoughts-streamed",
      "thinking-and-parallel-tools-streamed",
      "finish-repeated-with-usage",
      "time-info-with-usage",
      "usage-in-last-chunk",
      "usage-in-vendor-member",
      "reasoning-outside-completion-streamed",
      "text-streamed",
    ],
    // Not every kind shows what its models think, but every one counts it.
    isRight: ({ error, reasoning, usage }) => error === null && (reasoning !== "" || (usage?.reasoning ?? 0) > 0),
    unknownTo: ["tgi"],
  },
  {
    title: "refusal",
    question: plain,
    recordings: ["refusal", "refusal-without-details", "safety", "filtered"],
    isRight: (reading) => reading.error === null && (Boolean(reading.refusal) || reading.finish === "content_filter"),
    // They say such things in plain text, or answer with an error: their finish reasons have no word for it.
    unknownTo: ["cohere", "mistral", "qwen", "together", "groq", "fireworks", "perplexity", "vllm", "tgi", "ollama"],
  },
  {
    title: "length cut",
    question: plain,
    recordings: ["length", "model-length", "context-window-exceeded", "max-tokens"],
    isRight: ends("length"),
  },
  {
    title: "error",
    question: plain,
    recordings: ["rate-limited", "per-minute", "throttled", "queue-full", "overloaded", "no-credit", "wrong-key"],
    isRight: ({ error }) => (error?.status === 429 || error?.status === 503) && error.code !== null,
  },
];

/**
 * The recording by which a kind answers a case: its own, or else one of the protocol that it speaks; null where there is
 * none. `prefix` names a protocol besides its usual one.
 */
export function recordingFor(
  { recordings: names }: ProviderCase,
  kind: string,
  speaksOpenAi: boolean,
  prefix = "",
): Recording | null {
  const kinds = speaksOpenAi ? [kind, "openai", "qwen"] : [kind, ...(sharedProtocols[kind] ?? [])];
  for (const candidate of kinds) {
    for (const name of names) {
      const found = all.get(`${candidate}/${prefix}${name}`);
      if (found !== undefined) return found;
    }
  }
  return null;
}

const sharedProtocols: { readonly [kind: string]: readonly string[] } = { "google-vertex": ["google-gemini"] };
const all = new Map(readRecordings().map((recording) => [recording.id, recording]));
