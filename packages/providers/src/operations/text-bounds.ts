import { encodeUtf8 } from "../text/utf8.ts";

/** No tokenizer in use makes more tokens than UTF-8 bytes, and hardly any text is above eight characters a token. */
const charactersPerTokenAtMost = 8;

export function tokensAtMost(text: string): number {
  return encodeUtf8(text).length;
}

export function tokensAtLeast(text: string): number {
  return Math.floor(text.length / charactersPerTokenAtMost);
}
