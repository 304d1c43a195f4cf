import { FieldReader, isFields } from "../../json/field-reader.ts";
import type { CompleteResponse, UsageReading } from "../../provider-codec.ts";
import { jsonType, type ClientOperation } from "../client-operation.ts";
import { answered, usageOf } from "../read-quantities.ts";
import { readMembers } from "../read-members.ts";
import { tokensAtMost } from "../text-bounds.ts";
import { secondsAtMost } from "./seconds-at-most.ts";

const audioTokensPerSecond = 32;
const textTokensPerSecond = 8;
const textTokensAtLeast = 4_096;

const textFormats: ReadonlySet<unknown> = new Set(["text", "srt", "vtt"]);

/** Text of a recording; billed by its seconds, or by the tokens that the provider reports. */
export const transcriptionsOperation: ClientOperation = {
  operation: "transcriptions",
  path: "/audio/transcriptions",
  form: "multipart",
  delivery: "complete",
  readRequest({ parsed, file }) {
    const reader = new FieldReader();
    const model = reader.requiredText(parsed, "model");
    const prompt = reader.text(parsed, "prompt") ?? "";
    if (file === null || file.length === 0) reader.refuse("file", "'file' is required and must not be empty.");
    if (parsed["stream"] === "true") reader.refuse("stream", "Transcriptions are answered whole: leave 'stream' out.");
    if (reader.problem !== null || file === null) {
      return { ok: false, ...(reader.problem ?? { param: "file", message: "'file' is required." }) };
    }
    const seconds = secondsAtMost(file);
    const size = {
      inputTokensAtMost: seconds * audioTokensPerSecond + tokensAtMost(prompt),
      inputTokensAtLeast: 0,
      outputTokensAsked: textTokensAtLeast + seconds * textTokensPerSecond,
      answers: 1,
    };
    return { ok: true, facts: { model, ...size, unitsAtMost: { audio_seconds: seconds }, counted: {} } };
  },
  readAnswer(body, request) {
    if (textFormats.has(request["response_format"])) return readText(body);
    const reading = readMembers(body, "segments", ["usage", "duration"]);
    if (!reading.ok) return reading;
    const { members } = reading.answer;
    return answered(readTranscriptionUsage(members.get("usage"), members.get("duration")), false);
  },
  answerType: ({ response_format: format }) => (textFormats.has(format) ? "text/plain; charset=utf-8" : jsonType),
};

/** Plain text tells no usage. An error in its place does not pass as one. */
function readText(body: Uint8Array): CompleteResponse {
  if (body[0] === 0x7b) {
    const reading = readMembers(body, "segments", []);
    if (!reading.ok && reading.failure.failure !== "malformed_response") return reading;
  }
  return answered(null, body.length === 0);
}

/** `usage` in seconds or in tokens; older servers tell the `duration` of the recording alone. */
function readTranscriptionUsage(usage: unknown, duration: unknown): UsageReading | null {
  // Some servers write the duration as text.
  const seconds = typeof duration === "string" ? Number(duration) : duration;
  if (!isFields(usage)) return usageOf({ audio_seconds: seconds });
  if (usage["type"] === "duration") return usageOf({ audio_seconds: usage["seconds"] });
  const { input_tokens: input, output_tokens: output } = usage;
  if (input === undefined && output === undefined) return usageOf({ audio_seconds: seconds });
  const details = isFields(usage["input_token_details"]) ? usage["input_token_details"] : {};
  const audio = details["audio_tokens"] ?? 0;
  if (typeof input !== "number" || typeof audio !== "number" || audio > input) {
    return { kind: "unusable", problem: "input_tokens is not a count of tokens" };
  }
  return usageOf({ audio_seconds: seconds, input: input - audio, audio_input: audio, output });
}
