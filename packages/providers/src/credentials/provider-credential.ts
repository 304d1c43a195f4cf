/** What the sealed secret of a connection may be. An API key is a text; everything else is a JSON object with a `type`. */
import { isFields } from "../json/field-reader.ts";

export interface GoogleServiceAccount {
  readonly type: "service_account";
  readonly clientEmail: string;
  /** PEM. */
  readonly privateKey: string;
  readonly privateKeyId: string | null;
  readonly tokenUrl: string;
}

export interface AwsKeys {
  readonly type: "aws_keys";
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  /** The role to take on with these keys; null to use them as they are. */
  readonly role: { readonly arn: string; readonly externalId: string | null; readonly tokenUrl: string } | null;
}

export interface AzureClient {
  readonly type: "azure_client";
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenUrl: string;
}

export type ProviderCredential =
  | { readonly type: "api_key"; readonly key: string }
  | GoogleServiceAccount
  | AwsKeys
  | AzureClient;

export type CredentialType = ProviderCredential["type"];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a sealed secret; null for a JSON object that is none of these. A Google service account is its key file as
 * Google hands it out; `aws_keys` has `region`, `access_key_id`, `secret_access_key` and maybe `session_token`,
 * `role_arn`, `external_id`, `token_url`; `azure_client` has `tenant_id`, `client_id`, `client_secret` and maybe
 * `token_url`.
 */
export function readProviderCredential(text: string): ProviderCredential | null {
  if (!text.trimStart().startsWith("{")) return { type: "api_key", key: text };
  const fields = parseObject(text);
  switch (fields["type"]) {
    case "service_account":
      return readServiceAccount(fields);
    case "aws_keys":
      return readAwsKeys(fields);
    case "azure_client":
      return readAzureClient(fields);
    default:
      return null;
  }
}

function readServiceAccount(fields: Fields): GoogleServiceAccount | null {
  const clientEmail = textOf(fields, "client_email");
  const privateKey = textOf(fields, "private_key");
  const tokenUrl = textOf(fields, "token_uri") ?? "https://oauth2.googleapis.com/token";
  if (clientEmail === null || privateKey === null || !isSecureUrl(tokenUrl)) return null;
  return { type: "service_account", clientEmail, privateKey, privateKeyId: textOf(fields, "private_key_id"), tokenUrl };
}

function readAwsKeys(fields: Fields): AwsKeys | null {
  const region = textOf(fields, "region");
  const accessKeyId = textOf(fields, "access_key_id");
  const secretAccessKey = textOf(fields, "secret_access_key");
  if (region === null || !/^[a-z0-9-]{1,40}$/.test(region) || accessKeyId === null || secretAccessKey === null)
    return null;
  const arn = textOf(fields, "role_arn");
  const tokenUrl = textOf(fields, "token_url") ?? `https://sts.${region}.amazonaws.com/`;
  if (!isSecureUrl(tokenUrl)) return null;
  const role = arn === null ? null : { arn, externalId: textOf(fields, "external_id"), tokenUrl };
  return {
    type: "aws_keys",
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken: textOf(fields, "session_token"),
    role,
  };
}

function readAzureClient(fields: Fields): AzureClient | null {
  const tenantId = textOf(fields, "tenant_id");
  const clientId = textOf(fields, "client_id");
  const clientSecret = textOf(fields, "client_secret");
  if (tenantId === null || clientId === null || clientSecret === null) return null;
  const usual = `https://login.microsoftonline.com/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  const tokenUrl = textOf(fields, "token_url") ?? usual;
  return isSecureUrl(tokenUrl) ? { type: "azure_client", clientId, clientSecret, tokenUrl } : null;
}

/** Secrets travel encrypted; only a loopback address may do without. */
function isSecureUrl(text: string): boolean {
  return /^https:\/\/[^/]+/.test(text) || /^http:\/\/127\.0\.0\.1(?::\d+)?\//.test(text);
}

function parseObject(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === "string" && value.trim() !== "" ? value : null;
}
