import { z } from "zod";
import type { ReceivedRequest, ReceivedRequests } from "../provider/received-requests.ts";
import type { ControlRoute } from "./control-route.ts";
import { parseInput } from "./parse-input.ts";

const querySchema = z.strictObject({
  attemptId: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(20),
});

/** Shows the newest requests byte for byte, newest first. */
export function requestRoutes(requests: ReceivedRequests): ControlRoute[] {
  return [
    {
      method: "GET",
      pattern: /^requests$/,
      run: ({ query }) => {
        const { attemptId, limit } = parseInput(querySchema, query, "query");
        const matching = requests
          .newestFirst()
          .filter((request) => attemptId === undefined || request.attemptId === attemptId);
        return { status: 200, body: { requests: matching.take(limit).map(show).toArray() } };
      },
    },
  ];
}

function show({ number, receivedAtMs, method, url, rawHeaders, attemptId, body, bodySha256 }: ReceivedRequest): object {
  const headers: [string | undefined, string | undefined][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) headers.push([rawHeaders[index], rawHeaders[index + 1]]);
  return {
    number,
    receivedAt: new Date(receivedAtMs).toISOString(),
    method,
    url,
    headers,
    attemptId,
    bodyBytes: body.length,
    bodySha256,
    bodyBase64: body.toString("base64"),
  };
}
