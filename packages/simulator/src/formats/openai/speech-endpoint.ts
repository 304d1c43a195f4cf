import { NO_TOKENS } from "../../answer/token-counts.ts";
import { isJsonObject } from "../../text/json-object.ts";
import type { AnswerChunk, AnswerContext, CallReading, Endpoint } from "../wire-format.ts";

const LONGEST_INPUT = 4_096;
const BYTES_PER_CHUNK = 1_024;
const CHARACTERS_PER_CHUNK = 16;
const TYPES: Readonly<Record<string, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/opus",
  aac: "audio/aac",
  flac: "audio/flac",
  wav: "audio/wav",
  pcm: "audio/pcm",
};

/** `POST /v1/audio/speech`. The sound is noise; a character has 64 bytes of it, and it is billed by the character. */
export const speechEndpoint: Endpoint = {
  name: "audio.speech",
  path: "/v1/audio/speech",
  readCall(body): CallReading {
    if (!isJsonObject(body)) return rejected(undefined, "The request body must be a JSON object.");
    const { model, input, voice } = body;
    const format = body["response_format"] ?? "mp3";
    const contentType = typeof format === "string" ? TYPES[format] : undefined;
    if (typeof model !== "string" || model === "") return rejected("model", "You must provide a model parameter.");
    if (typeof voice !== "string" || voice === "") return rejected("voice", "You must provide a voice.");
    if (contentType === undefined) return rejected("response_format", "This format is not supported.");
    if (typeof input !== "string" || input === "") return rejected("input", "'input' must not be empty.");
    const characters = Array.from(input).length;
    if (characters > LONGEST_INPUT) return rejected("input", `'input' is longer than ${LONGEST_INPUT} characters.`);
    return {
      call: {
        model,
        isStream: true,
        inputTokens: 0,
        contentType,
        answer: (context) => ({ body: noise(characters, context), tokens: NO_TOKENS, units: { characters } }),
      },
    };
  },
};

function* noise(characters: number, { dice, plan }: AnswerContext): Generator<AnswerChunk> {
  const chunks = plan.shape === "empty" ? 0 : Math.ceil(characters / CHARACTERS_PER_CHUNK);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const bytes = Buffer.alloc(BYTES_PER_CHUNK);
    for (let at = 0; at < BYTES_PER_CHUNK; at += 4) bytes.writeUInt32LE(dice.nextUint32(), at);
    yield { text: bytes, generatedTokens: (chunk + 1) * CHARACTERS_PER_CHUNK };
  }
}

function rejected(parameter: string | undefined, message: string): CallReading {
  return { rejection: { status: 400, message, parameter } };
}
