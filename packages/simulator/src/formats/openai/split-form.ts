export interface SplitForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Takes a form apart (RFC 7578); undefined for a body that is none. */
export function splitForm(body: Buffer, contentType: string): SplitForm | undefined {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return undefined;
  const fields = new Map<string, string>();
  const files = new Map<string, Buffer>();
  const pieces = body.toString("latin1").split(`--${boundary}`);
  if (pieces.length < 3 || !pieces.at(-1)?.startsWith("--")) return undefined;
  for (const piece of pieces.slice(1, -1)) {
    const headEnd = piece.indexOf("\r\n\r\n");
    if (headEnd < 0 || !piece.endsWith("\r\n")) return undefined;
    const head = piece.slice(0, headEnd);
    const [, name] = /\bname="([^"]*)"/i.exec(head) ?? [];
    if (name === undefined) return undefined;
    const value = Buffer.from(piece.slice(headEnd + 4, -2), "latin1");
    if (/\bfilename\*?=/i.test(head)) files.set(name, value);
    else fields.set(name, value.toString());
  }
  return { fields, files };
}
