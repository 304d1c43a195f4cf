/** The platform's own codec, the one global that this package uses: every JavaScript runtime has it. */
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

const utf8 = new TextDecoder();
const binaryStream = "application/vnd.amazon.eventstream";

/** A body as `exchange.ts` has it: UTF-8, but one character for each byte where it is a stream of binary frames. */
export function decodeBody(contentType: string, bytes: Uint8Array): string {
  if (!contentType.startsWith(binaryStream)) return decodeUtf8(bytes);
  let characters = "";
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return characters;
}

export function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
