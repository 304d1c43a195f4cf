import { hash } from "node:crypto";

/** 128 bits as four 32-bit words: what dice are made from. */
export type SeedWords = Uint32Array;

/** Hashes the parts, in order and with their borders, to seed words. */
export function seedWords(...parts: readonly string[]): SeedWords {
  return wordsOfDigest(hash("sha256", JSON.stringify(parts), "hex"));
}

/** The first 128 bits of a hexadecimal digest as seed words. */
export function wordsOfDigest(hexDigest: string): SeedWords {
  const words = new Uint32Array(4);
  for (let word = 0; word < 4; word += 1) words[word] = Number.parseInt(hexDigest.slice(word * 8, word * 8 + 8), 16);
  return words;
}

/** Combines two independent hashes to one. */
export function mixSeedWords(left: SeedWords, right: SeedWords): SeedWords {
  const mixed = new Uint32Array(4);
  for (let word = 0; word < 4; word += 1) mixed[word] = (left[word] ?? 0) ^ (right[word] ?? 0);
  return mixed;
}
