import { inputCounts, NO_TOKENS } from "../../answer/token-counts.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import { countTokens } from "../../text/count-tokens.ts";
import type { AnswerContext, CallReading, Endpoint, ProviderCall } from "../wire-format.ts";
import { splitForm } from "./split-form.ts";

const TEXT_FORMATS = ["text", "srt", "vtt"];
const FORMATS = ["json", "verbose_json", ...TEXT_FORMATS];
/** 32 kbit/s, where the recording does not say. */
const COMPRESSED_BYTES_PER_SECOND = 4_000;
const WAV_RATE_AT = 28;
const WAV_HEADER_BYTES = 44;
const AUDIO_TOKENS_PER_SECOND = 10;
/** The models that count tokens; the others bill by the second. */
const COUNTS_TOKENS = /^gpt-4o/;

/** `POST /v1/audio/transcriptions`: what is heard depends on the bytes, and lasts as long as they do. */
export const transcriptionsEndpoint: Endpoint = {
  name: "audio.transcriptions",
  path: "/v1/audio/transcriptions",
  readCall: () => rejected("file", "The request body must be a form."),
  readForm(body, contentType): CallReading {
    const form = splitForm(body, contentType);
    const model = form?.fields.get("model");
    const format = form?.fields.get("response_format") ?? "json";
    const file = form?.files.get("file");
    if (form === undefined) return rejected(undefined, "The form could not be parsed.");
    if (model === undefined || model === "") return rejected("model", "You must provide a model parameter.");
    if (file === undefined || file.length === 0) return rejected("file", "You must provide a file.");
    if (!FORMATS.includes(format)) return rejected("response_format", "This format is not supported.");
    return { call: transcription(model, format, secondsOf(file)) };
  },
};

function transcription(model: string, format: string, exactSeconds: number): ProviderCall {
  const seconds = Math.ceil(exactSeconds);
  const countsTokens = COUNTS_TOKENS.test(model);
  const isText = TEXT_FORMATS.includes(format);
  const inputTokens = countsTokens ? seconds * AUDIO_TOKENS_PER_SECOND : 0;
  return {
    model,
    isStream: false,
    inputTokens,
    ...(isText ? { contentType: "text/plain; charset=utf-8" } : {}),
    answer(context) {
      const text = context.plan.shape === "empty" ? "" : heard(context, seconds);
      const output = countTokens(text);
      const tokens = countsTokens ? { ...inputCounts(inputTokens, 0), output } : NO_TOKENS;
      const usage = encodeUsage(countsTokens, seconds, inputTokens, output, context);
      const verbose = { task: "transcribe", language: "english", duration: exactSeconds, segments: [] };
      const body = isText
        ? `${text}\n`
        : JSON.stringify({ ...(format === "verbose_json" ? verbose : {}), text, usage });
      return { body, tokens, units: { audioSeconds: seconds } };
    },
  };
}

function heard({ dice }: AnswerContext, seconds: number): string {
  const words = ["harbour", "boats", "tide", "lantern", "quiet", "north"];
  const count = Math.min(1_000, Math.max(1, seconds * 2));
  return Array.from({ length: count }, () => words[dice.nextInteger(0, words.length - 1)]).join(" ");
}

function encodeUsage(
  countsTokens: boolean,
  seconds: number,
  input: number,
  output: number,
  { plan: { malformedUsage } }: AnswerContext,
): object | undefined {
  if (malformedUsage === "missing") return undefined;
  if (!countsTokens) return { type: "duration", seconds: reportedCount(seconds, malformedUsage) };
  return {
    type: "tokens",
    input_tokens: reportedCount(input, malformedUsage),
    input_token_details: { text_tokens: 0, audio_tokens: reportedCount(input, malformedUsage) },
    output_tokens: reportedCount(output, malformedUsage),
    total_tokens: reportedCount(input + output, malformedUsage),
  };
}

function secondsOf(file: Buffer): number {
  const isWav = file.length > WAV_HEADER_BYTES && file.toString("latin1", 0, 4) === "RIFF";
  if (!isWav) return file.length / COMPRESSED_BYTES_PER_SECOND;
  return (file.length - WAV_HEADER_BYTES) / Math.max(1, file.readUInt32LE(WAV_RATE_AT));
}

function rejected(parameter: string | undefined, message: string): CallReading {
  return { rejection: { status: 400, message, parameter } };
}
