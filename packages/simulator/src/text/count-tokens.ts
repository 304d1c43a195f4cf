/**
 * The simulator's own tokenizer. It imitates the size of real byte-pair tokens and nothing else:
 *
 * 1. up to eight consecutive ASCII letters or digits are one token; one space directly before them belongs to it;
 * 2. up to sixteen other consecutive white-space characters are one token;
 * 3. every other character (code point) is one token.
 *
 * So a text never has more tokens than UTF-8 bytes, and tokens counted piece by piece add up when a text is cut at
 * token ends.
 */
const WORD_CHARACTERS_PER_TOKEN = 8;
const WHITE_SPACE_PER_TOKEN = 16;

const OTHER = 0;
const WORD = 1;
const WHITE_SPACE = 2;
const SPACE_CODE = 0x20;

/** The class of every UTF-16 code unit: a table, because prompts are long and each character is looked at. */
const classes = new Uint8Array(0x1_0000).fill(OTHER);
for (let code = 0; code < 0x80; code += 1) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(character)) classes[code] = WORD;
  else if (/\s/.test(character)) classes[code] = WHITE_SPACE;
}

/** How many tokens the text has. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (let index = 0; index < text.length; index = tokenEnd(text, index)) tokens += 1;
  return tokens;
}

/** The index just after the first `tokens` tokens of the text that begin at `start`; the text's length if it is shorter. */
export function endOfTokens(text: string, start: number, tokens: number): number {
  let index = start;
  for (let taken = 0; taken < tokens && index < text.length; taken += 1) index = tokenEnd(text, index);
  return index;
}

/** A piece of a text, cut at token ends. */
export interface TextPiece {
  readonly text: string;
  readonly tokens: number;
}

/** Cuts a text into pieces of `tokensPerPiece` tokens; the last may have fewer. */
export function* splitByTokens(text: string, tokensPerPiece: number): Generator<TextPiece> {
  let start = 0;
  while (start < text.length) {
    let end = start;
    let tokens = 0;
    for (; tokens < tokensPerPiece && end < text.length; tokens += 1) end = tokenEnd(text, end);
    yield { text: text.slice(start, end), tokens };
    start = end;
  }
}

function tokenEnd(text: string, start: number): number {
  let index = start;
  let kind = classAt(text, index);
  if (isSpaceBeforeWord(text, index)) {
    index += 1;
    kind = WORD;
  }
  if (kind === WORD) {
    const limit = Math.min(index + WORD_CHARACTERS_PER_TOKEN, text.length);
    while (index < limit && classAt(text, index) === WORD) index += 1;
    return index;
  }
  if (kind === WHITE_SPACE) {
    const limit = Math.min(index + WHITE_SPACE_PER_TOKEN, text.length);
    while (index < limit && classAt(text, index) === WHITE_SPACE && !isSpaceBeforeWord(text, index)) index += 1;
    return index;
  }
  return index + ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);
}

function isSpaceBeforeWord(text: string, index: number): boolean {
  return index + 1 < text.length && text.charCodeAt(index) === SPACE_CODE && classAt(text, index + 1) === WORD;
}

function classAt(text: string, index: number): number | undefined {
  return classes[text.charCodeAt(index)];
}
