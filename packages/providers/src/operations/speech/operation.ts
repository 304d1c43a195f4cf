import { FieldReader } from "../../json/field-reader.ts";
import { jsonType, type ClientOperation } from "../client-operation.ts";
import { answered } from "../read-quantities.ts";
import { tokensAtLeast, tokensAtMost } from "../text-bounds.ts";

/** Slow speech of short words: more tokens of sound than any voice known makes of a character. */
const soundTokensPerCharacter = 10;
const soundTokensAtLeast = 1_024;

/** Speech; billed by the characters read out. Where only tokens of sound have a price it is settled at its hold. */
export const speechOperation: ClientOperation = {
  operation: "speech",
  path: "/audio/speech",
  form: "json",
  delivery: "relayed",
  readRequest({ parsed }) {
    const reader = new FieldReader();
    const model = reader.requiredText(parsed, "model");
    const input = reader.requiredText(parsed, "input");
    const instructions = reader.text(parsed, "instructions") ?? "";
    if (parsed["stream_format"] === "sse") {
      reader.refuse("stream_format", "Speech is answered as sound: 'stream_format' must be 'audio'.");
    }
    if (reader.problem !== null) return { ok: false, ...reader.problem };
    const characters = Array.from(input).length;
    const size = {
      inputTokensAtMost: tokensAtMost(input) + tokensAtMost(instructions),
      inputTokensAtLeast: tokensAtLeast(input),
      outputTokensAsked: Math.max(soundTokensAtLeast, characters * soundTokensPerCharacter),
      answers: 1,
    };
    return { ok: true, facts: { model, ...size, unitsAtMost: { characters }, counted: { characters } } };
  },
  readAnswer: (body) => answered(null, body.length === 0),
  answerType: () => jsonType,
};
