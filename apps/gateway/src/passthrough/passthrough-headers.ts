import type { IncomingHttpHeaders } from "node:http";
import type { ResponseHeaders } from "@switchyard/providers/provider-codec";

/** Of one connection, not of the message; or what this process writes itself. */
const hopByHop = [
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** What a client proves itself by, and what says where it is. */
const clientsOwn = [
  "accept-encoding",
  "api-key",
  "authorization",
  "cookie",
  "forwarded",
  "idempotency-key",
  "user-agent",
  "via",
  "x-api-key",
  "x-goog-api-key",
  "x-real-ip",
  "x-request-id",
];
const withheld: ReadonlySet<string> = new Set([...hopByHop, ...clientsOwn]);
const withheldPrefixes = ["x-switchyard-", "x-forwarded-", "x-amz-", "x-goog-", "cf-", "proxy-", "sec-"];

/** Headers that describe a body: the client's own, whatever the protocol's usual ones are. */
const describing: ReadonlySet<string> = new Set(["content-type", "accept"]);

/**
 * The headers of a passthrough request: the client's, but for its credentials and what belongs to its connection, and the
 * provider's credential over them. `protocolHeaders` are those that a client of the protocol may choose.
 */
export function requestHeaders(
  client: IncomingHttpHeaders,
  authorised: Readonly<Record<string, string>>,
  protocolHeaders: readonly string[],
): Record<string, string> {
  const named = namedByConnection(client.connection);
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(client)) {
    if (typeof value !== "string" || withheld.has(name) || named.has(name)) continue;
    if (!withheldPrefixes.some((prefix) => name.startsWith(prefix))) passed[name] = value;
  }
  const theirs = new Set([...describing, ...protocolHeaders]);
  for (const [name, value] of Object.entries(authorised)) {
    if (!theirs.has(name)) passed[name] = value;
    // Without a body there is nothing to describe.
    else if (passed[name] === undefined && !describing.has(name)) passed[name] = value;
  }
  return passed;
}

/** What of a provider's headers a client may see: what describes the body, and when to come again. */
const answered = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "etag",
  "last-modified",
  "retry-after",
  "retry-after-ms",
];

export function answerHeadersOf(provider: ResponseHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of answered) {
    const value = provider[name];
    if (typeof value === "string") passed[name] = value;
  }
  return passed;
}

function namedByConnection(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? "").split(",").map((name) => name.trim().toLowerCase()));
}
