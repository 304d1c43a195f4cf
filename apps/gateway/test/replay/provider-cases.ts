/** What an application may want of any provider, and the recorded answer that each kind is asked with. */
import type { Question, Reading } from "./reading.ts";
import { readRecordings, type Recording } from "./recording.ts";

export interface ProviderCase {
  readonly title: string;
  readonly question: Omit<Question, "route">;
  /** Recordings to answer with, the best first: of the kind itself, or else of the protocol that it speaks. */
  readonly recordings: readonly string[];
  readonly isRight: (reading: Reading) => boolean;
  /** Text that the provider must have been sent. */
  readonly sends?: string;
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
const says = (reading: Reading): boolean => ends("stop")(reading) && reading.text !== "";

export const providerCases: readonly ProviderCase[] = [
  { title: "plain", question: plain, recordings: ["text"], isRight: says },
  {
    title: "streamed",
    question: { ...plain, stream: true },
    recordings: ["text-streamed", "early-finish"],
    isRight: says,
  },
  {
    title: "tools",
    question: { ...plain, offersTools: true },
    recordings: ["tools", "call-with-id", "tool-call"],
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
    ],
    isRight: (reading) => ends("tool_calls")(reading) && reading.tools.length >= 2,
  },
  {
    title: "JSON schema",
    question: { ...plain, schema },
    recordings: ["text"],
    isRight: says,
    sends: "harbour_name",
  },
  {
    title: "images",
    question: { ...plain, image: `data:image/png;base64,${pixel}` },
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
  },
  {
    title: "refusal",
    question: plain,
    recordings: ["refusal", "refusal-without-details", "safety"],
    isRight: (reading) => reading.error === null && (Boolean(reading.refusal) || reading.finish === "content_filter"),
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

/** The recording by which a kind answers a case; null where there is none. */
export function recordingFor(
  { recordings: names }: ProviderCase,
  kind: string,
  speaksOpenAi: boolean,
): Recording | null {
  const kinds = speaksOpenAi ? [kind, "openai", "qwen"] : [kind];
  for (const candidate of kinds) {
    for (const name of names) {
      const found = all.find(({ id }) => id === `${candidate}/${name}`);
      if (found !== undefined) return found;
    }
  }
  return null;
}

const all = readRecordings();
