import type { IncomingMessage } from "node:http";

/**
 * Collects a request's body. `onBody` gets the raw bytes, or undefined when there are more than `mostBytes`; it is not
 * called when the client leaves before the end.
 */
export function readBody(
  request: IncomingMessage,
  mostBytes: number,
  onBody: (body: Buffer | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
  });
  request.once("end", () => {
    const [only] = chunks;
    if (bytes > mostBytes) onBody(undefined);
    else onBody(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
}
