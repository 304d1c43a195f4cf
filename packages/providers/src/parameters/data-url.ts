const prefixPattern = /^data:([a-z]+\/[a-z0-9.+-]+);base64,/i;
const longestPrefix = 200;

export interface InlineData {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/** What a `data:` URL holds; null for any other URL, and for one that is not base64. */
export function readDataUrl(url: string): InlineData | null {
  const [prefix, mediaType] = prefixPattern.exec(url.slice(0, longestPrefix)) ?? [];
  if (prefix === undefined || mediaType === undefined) return null;
  return { mediaType: mediaType.toLowerCase(), data: url.slice(prefix.length) };
}
