/** One exchange of a long-lived secret for a short-lived credential, in the words of each cloud. */
import type { AwsKeys, AzureClient, GoogleServiceAccount } from "@switchyard/providers/credentials/provider-credential";
import { type AwsAccessKey, signAwsRequest } from "@switchyard/secrets/aws-signature";
import { signAssertion } from "@switchyard/secrets/signed-assertion";
import type { TokenAnswer, TokenEndpoint } from "./token-endpoint.ts";

/** What a request is authorised by. */
export type IssuedSecret =
  | { readonly type: "bearer"; readonly token: string }
  | { readonly type: "aws_key"; readonly key: AwsAccessKey; readonly region: string };

export interface IssuedCredential {
  readonly secret: IssuedSecret;
  readonly expiresAtMs: number;
}

/** Who is exchanged for something that expires. */
export type LongLivedCredential = GoogleServiceAccount | AwsKeys | AzureClient;

/** The endpoint answered, and not with a credential. The message is ours: what it said may repeat secrets. */
export class ExchangeRefusedError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the token endpoint answered ${status} without a credential`);
    this.name = "ExchangeRefusedError";
    this.status = status;
  }
}

const lifetimeSeconds = 3_600;
const googleScope = "https://www.googleapis.com/auth/cloud-platform";
const azureScope = "https://cognitiveservices.azure.com/.default";

/** Throws ExchangeRefusedError, TypeError for a key that cannot sign, or what the network throws. */
export async function exchangeCredential(
  credential: LongLivedCredential,
  endpoint: TokenEndpoint,
  nowMs: number,
): Promise<IssuedCredential> {
  switch (credential.type) {
    case "service_account":
      return readToken(await askGoogle(credential, endpoint, nowMs), nowMs);
    case "azure_client":
      return readToken(await askAzure(credential, endpoint), nowMs);
    case "aws_keys":
      return assumeRole(credential, endpoint, nowMs);
  }
}

/** RFC 7523: an assertion signed with the account's key is exchanged for a token. */
async function askGoogle(account: GoogleServiceAccount, endpoint: TokenEndpoint, nowMs: number): Promise<TokenAnswer> {
  const { clientEmail, privateKey, privateKeyId, tokenUrl } = account;
  const issuedAt = Math.floor(nowMs / 1_000);
  const claims = {
    iss: clientEmail,
    scope: googleScope,
    aud: tokenUrl,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  };
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: signAssertion(claims, privateKey, privateKeyId),
  });
  return endpoint.post({ url: tokenUrl, headers: {}, body: form.toString() });
}

async function askAzure(
  { clientId, clientSecret, tokenUrl }: AzureClient,
  endpoint: TokenEndpoint,
): Promise<TokenAnswer> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: azureScope,
  });
  return endpoint.post({ url: tokenUrl, headers: {}, body: form.toString() });
}

function readToken({ status, body }: TokenAnswer, nowMs: number): IssuedCredential {
  const answer = status === 200 ? parse(body) : null;
  const { access_token: token, expires_in: seconds } = answer ?? {};
  if (typeof token !== "string" || token === "" || !(Number(seconds) > 0)) throw new ExchangeRefusedError(status);
  return { secret: { type: "bearer", token }, expiresAtMs: nowMs + Number(seconds) * 1_000 };
}

/** Keys without a role are used as they are, for as long as they are configured. */
async function assumeRole(keys: AwsKeys, endpoint: TokenEndpoint, nowMs: number): Promise<IssuedCredential> {
  const { role, region } = keys;
  if (role === null) return { secret: { type: "aws_key", key: keys, region }, expiresAtMs: Infinity };
  const body = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: role.arn,
    RoleSessionName: "switchyard",
    DurationSeconds: String(lifetimeSeconds),
    ...(role.externalId === null ? {} : { ExternalId: role.externalId }),
  }).toString();
  const { host, pathname } = new URL(role.tokenUrl);
  const signed = { method: "POST", host, path: pathname, body: Buffer.from(body), region, service: "sts" };
  const headers = signAwsRequest(signed, keys, new Date(nowMs));
  const answer = await endpoint.post({ url: role.tokenUrl, headers, body });
  const accessKeyId = elementOf(answer.body, "AccessKeyId");
  const secretAccessKey = elementOf(answer.body, "SecretAccessKey");
  const sessionToken = elementOf(answer.body, "SessionToken");
  const expiresAtMs = Date.parse(elementOf(answer.body, "Expiration") ?? "");
  if (answer.status !== 200 || accessKeyId === null || secretAccessKey === null || !(expiresAtMs > nowMs)) {
    throw new ExchangeRefusedError(answer.status);
  }
  return { secret: { type: "aws_key", key: { accessKeyId, secretAccessKey, sessionToken }, region }, expiresAtMs };
}

/** None of these values has a character that XML would have to escape. */
function elementOf(xml: string, name: string): string | null {
  const start = xml.indexOf(`<${name}>`);
  const end = start < 0 ? -1 : xml.indexOf(`</${name}>`, start);
  return end < 0 ? null : xml.slice(start + name.length + 2, end).trim();
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
