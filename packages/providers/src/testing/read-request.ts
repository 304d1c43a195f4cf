import { scanTopLevel } from "../json/scan-top-level.ts";
import type { RequestChanges, RequestToEncode } from "../provider-codec.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";

/** A request as the gateway hands it to a codec: scanned and parsed. Throws for a body that it would have refused. */
export function readRequest(
  text: string,
  changes: Partial<RequestChanges> = {},
  operation: RequestToEncode["operation"] = "chat",
): RequestToEncode {
  const body = encodeUtf8(text);
  const scan = scanTopLevel(body);
  if (!scan.ok) throw new Error(scan.message);
  return {
    operation,
    body,
    members: scan.object,
    parsed: JSON.parse(decodeUtf8(body)) as Record<string, unknown>,
    isWidened: false,
    parameterMode: "default",
    changes: { model: "m", outputTokensCap: null, modelOutputTokens: null, includeUsage: false, ...changes },
  };
}
