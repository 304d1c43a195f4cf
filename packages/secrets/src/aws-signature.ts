import { createHash, createHmac } from "node:crypto";

const algorithm = "AWS4-HMAC-SHA256";

export interface AwsAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that expire; null for others. */
  readonly sessionToken: string | null;
}

export interface AwsRequest {
  readonly method: string;
  /** With the port, if it has one. */
  readonly host: string;
  /** Percent-encoded as it is sent, without a query. */
  readonly path: string;
  readonly body: Uint8Array;
  readonly region: string;
  readonly service: string;
}

/**
 * The headers by which AWS knows who sends a request (Signature Version 4): to be sent beside `host`, whose value the
 * signature covers with the method, the path and the body. For every service but S3, whose paths are encoded once.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signAwsRequest(request: AwsRequest, key: AwsAccessKey, now: Date): Readonly<Record<string, string>> {
  const { method, host, path, body, region, service } = request;
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const signed: Record<string, string> = {
    host,
    "x-amz-date": time,
    ...(key.sessionToken === null ? {} : { "x-amz-security-token": key.sessionToken }),
  };
  const names = Object.keys(signed).toSorted();
  const canonical = [
    method,
    path.split("/").map(encode).join("/"),
    "",
    ...names.map((name) => `${name}:${signed[name] ?? ""}`),
    "",
    names.join(";"),
    createHash("sha256").update(body).digest("hex"),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = [algorithm, time, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  const signingKey = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${key.secretAccessKey}`,
  );
  const signature = createHmac("sha256", signingKey).update(text).digest("hex");
  const { host: _host, ...headers } = signed;
  return {
    ...headers,
    authorization: `${algorithm} Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

function encode(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
