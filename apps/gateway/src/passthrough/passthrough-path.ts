import { GatewayError } from "../errors/gateway-error.ts";

export interface PassthroughPath {
  /** Name or id of the connection, as the client wrote it. */
  readonly connection: string;
  /** Below the connection's base URL, beginning with a slash, as the client wrote it. */
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
}

const prefix = "/passthrough/";
/** Every path that a provider could decode it to is looked at, this deep. */
const mostDecodings = 4;
/** What providers take a credential by; the connection's own is sent, and no other. */
const credentialParameters = new Set(["key", "api_key", "api-key", "apikey", "access_token", "token"]);

/**
 * Takes the address of a passthrough call apart. Nothing that it lets through leads out of the connection's base URL, however
 * often a provider decodes it. Throws GatewayError: invalid_passthrough_path.
 */
export function readPassthroughPath(url: string): PassthroughPath {
  const [pathname = "", ...rest] = url.split("?");
  const query = rest.length === 0 ? "" : `?${rest.join("?")}`;
  const below = pathname.slice(prefix.length);
  const slash = below.indexOf("/");
  if (!pathname.startsWith(prefix) || slash < 1) throw invalid("It must name a connection and a path below it.");
  const path = below.slice(slash);
  refuseEscapes(path);
  refuseCredentials(query);
  return { connection: decode(below.slice(0, slash)), path, query };
}

function refuseEscapes(path: string): void {
  let decoded = path;
  for (let depth = 0; depth < mostDecodings; depth += 1) {
    if (/[\\\p{Cc}]/u.test(decoded)) throw invalid("It has characters that no path may have.");
    const segments = decoded.slice(1).split("/");
    if (segments.some((segment) => segment === "." || segment === "..")) throw invalid("It leads elsewhere.");
    // An empty part would begin another authority, or an absolute address.
    if (segments.some((segment, index) => segment === "" && index < segments.length - 1)) {
      throw invalid("It has an empty part.");
    }
    const next = decode(decoded);
    if (next === decoded) return;
    decoded = next;
  }
  throw invalid("It is encoded too often.");
}

function refuseCredentials(query: string): void {
  for (const name of new URLSearchParams(query).keys()) {
    if (credentialParameters.has(name.toLowerCase())) {
      throw invalid(`The parameter '${name}' would carry a credential; the connection's own is sent.`);
    }
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("It is not well encoded.");
  }
}

function invalid(why: string): GatewayError {
  return new GatewayError("invalid_passthrough_path", `The path below /passthrough cannot be passed on. ${why}`);
}
