import type { IncomingHttpHeaders } from "node:http";
import type { ProviderError } from "../wire-format.ts";

const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=(?<keyId>[^/, ]+)\/(?<day>\d{8})\/[a-z0-9-]+\/bedrock\/aws4_request, ?SignedHeaders=(?<signed>[a-z0-9;-]+), ?Signature=[0-9a-f]{64}$/;
const DATE = /^(?<day>\d{8})T\d{6}Z$/;

/** The bearer, or the id of the key that a request is signed with. */
export function bedrockKeyOf({ authorization = "" }: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^Bearer +(.+)$/i.exec(authorization) ?? [];
  return bearer ?? SIGNATURE.exec(authorization)?.groups?.["keyId"];
}

/**
 * What is wrong with how a request is signed; undefined for a bearer. The signature itself is not checked, since no secret
 * is shared: only that its parts are there and fit together.
 */
export function findCredentialProblem(headers: IncomingHttpHeaders): ProviderError | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return { status: 403, message: "Missing Authentication Token" };
  if (/^Bearer +./i.test(authorization)) return undefined;
  const { day, signed = "" } = SIGNATURE.exec(authorization)?.groups ?? {};
  const date = headers["x-amz-date"];
  const isDated = typeof date === "string" && DATE.exec(date)?.groups?.["day"] === day;
  const isBound = ["host", "x-amz-date"].every((name) => signed.split(";").includes(name));
  return day !== undefined && isDated && isBound
    ? undefined
    : { status: 403, message: "The request signature we calculated does not match the signature you provided." };
}
