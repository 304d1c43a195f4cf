import type { SentRequest } from "@switchyard/fidelity/exchange";
import type { ClientProtocolName } from "@switchyard/providers/clients/client-protocol";
import { scanTopLevel } from "@switchyard/providers/json/scan-top-level";
import type { ProviderCodec } from "@switchyard/providers/provider-codec";

/** Protocols of the check that a codec passes natively, by their name among clients. */
const nativeNames: Readonly<Record<string, ClientProtocolName | undefined>> = {
  "anthropic-messages": "anthropic-messages",
  "openai-responses": "openai-responses",
};

export interface EncodingSubject {
  readonly codec: ProviderCodec;
  readonly baseUrl: string;
  readonly model: string;
}

/** Whether a protocol of the check passes to the provider as it is: its quirks may say that it has to be translated. */
export function passes(codec: ProviderCodec, protocol: string): boolean {
  const native = nativeNames[protocol];
  return native === undefined || codec.natives?.[native] !== undefined;
}

/**
 * The request that a gateway makes of a client's one, by the same codec: nobody can look between a gateway and its provider
 * from here. Without a budget that caps the output. Null where the codec refuses the request.
 */
export function encodeAsGateway(
  { codec, baseUrl, model }: EncodingSubject,
  protocol: string,
  request: SentRequest,
): SentRequest | null {
  const native = nativeNames[protocol];
  const passage = (native === undefined ? undefined : codec.natives?.[native]) ?? codec;
  const body = Buffer.from(request.body);
  const scan = scanTopLevel(body);
  if (!scan.ok) return null;
  const parsed = JSON.parse(request.body) as Record<string, unknown>;
  const stream = parsed["stream"] === true;
  const encoded = passage.encodeRequest({
    operation: "chat",
    body,
    members: scan.object,
    parsed,
    isWidened: false,
    parameterMode: "default",
    changes: { model, outputTokensCap: null, modelOutputTokens: null, includeUsage: stream },
  });
  if (!encoded.ok) return null;
  const path = passage.requestPath("chat", { model, stream, basePath: new URL(baseUrl).pathname.replace(/\/+$/, "") });
  const headers = { ...request.headers, ...codec.requestHeaders(null) };
  return { path, headers, body: Buffer.from(encoded.body).toString("utf8") };
}
