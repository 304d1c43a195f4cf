import { signAwsRequest } from "@switchyard/secrets/aws-signature";
import type { AttemptTarget } from "../live-attempt.ts";
import type { UpstreamRequest } from "../upstream-client.ts";

/** The headers that a codec and its credential come to, for a request whose path and body are final. */
export function authorise(
  { codec, credential, issued }: Pick<AttemptTarget, "codec" | "credential" | "issued">,
  { address, path, body, method = "POST" }: Pick<UpstreamRequest, "address" | "path" | "body" | "method">,
): Readonly<Record<string, string>> {
  if (issued === null) return codec.requestHeaders(credential?.secret.reveal() ?? null);
  if (issued.type === "bearer") return codec.requestHeaders(issued.token, "bearer");
  const { key, region } = issued;
  const { awsService: service } = codec;
  if (service === undefined) throw new Error(`requests to ${codec.manifest.kind} cannot be signed`);
  const { host } = new URL(address.origin);
  const [pathname = ""] = path.split("?");
  const signed = signAwsRequest({ method, host, path: pathname, body, region, service }, key, new Date());
  return { ...codec.requestHeaders(null), ...signed };
}
