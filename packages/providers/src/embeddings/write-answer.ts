import type { UsageReading } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";

/** One text's vector. */
export type Vector = readonly number[];

const floatBytes = 4;
/** Not in the language library that this package compiles against; every engine it runs on has it. */
type BytesToText = Uint8Array & { toBase64(): string };

/** The numbers of a list that holds nothing else; null for any other value. */
export function readVector(value: unknown): Vector | null {
  return Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === "number") ? value : null;
}

/** The vectors of a list of them; null where one is none. */
export function readVectors(values: unknown): readonly Vector[] | null {
  if (!Array.isArray(values)) return null;
  const vectors = values.map(readVector);
  return vectors.every((vector) => vector !== null) ? vectors : null;
}

/**
 * OpenAI's answer, with the vectors as the client asked for them: as numbers, or as 32-bit floats in base64, lowest byte
 * first. Where the provider told no usage there is none, since a made-up one would be taken for true.
 */
export function writeEmbeddings(
  vectors: readonly Vector[],
  { model, encoding_format: format }: Readonly<Record<string, unknown>>,
  usage: UsageReading | null,
): Uint8Array {
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: format === "base64" ? toBase64(vector) : vector,
  }));
  const tokens = usage?.kind === "usable" ? (usage.usage.input ?? 0) : null;
  const counted = tokens === null ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } };
  return encodeUtf8(JSON.stringify({ object: "list", data, model, ...counted }));
}

function toBase64(vector: Vector): string {
  const view = new DataView(new ArrayBuffer(vector.length * floatBytes));
  for (const [index, value] of vector.entries()) view.setFloat32(index * floatBytes, value, true);
  return (new Uint8Array(view.buffer) as BytesToText).toBase64();
}
