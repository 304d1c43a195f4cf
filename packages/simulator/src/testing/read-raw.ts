import { type IncomingMessage, request } from "node:http";

/** What came of a response, byte by byte, until it ended or broke off. */
export interface RawResponse {
  readonly status: number | undefined;
  readonly bytes: Buffer;
  /** Whether the response ended in good order. */
  readonly isComplete: boolean;
}

/** Posts JSON without any client that would hide what came before a break; rejects when not even a status came. */
export function readRaw(url: string, body: object): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  const read = (response: IncomingMessage): void => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", () => {});
    response.once("close", () =>
      resolve({ status: response.statusCode, bytes: Buffer.concat(chunks), isComplete: response.complete }),
    );
  };
  request(url, { method: "POST", agent: false }, read).once("error", reject).end(JSON.stringify(body));
  return promise;
}
