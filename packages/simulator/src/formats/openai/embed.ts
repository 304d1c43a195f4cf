import { Dice } from "../../text/dice.ts";
import { mixSeedWords, seedWords, type SeedWords } from "../../text/seed-words.ts";

/** What is embedded: a text, or the token numbers of one. */
export type EmbeddingInput = string | readonly number[];

/** A vector of length 1 that depends on the input, the model and the seed, not on the rest of the request. */
export function embed(input: EmbeddingInput, dimensions: number, modelSeed: SeedWords): Float32Array {
  const dice = new Dice(mixSeedWords(modelSeed, seedWords(JSON.stringify(input))));
  const vector = new Float32Array(dimensions);
  let squares = 0;
  for (let index = 0; index < dimensions; index += 1) {
    const value = dice.nextFraction() * 2 - 1;
    vector[index] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}
