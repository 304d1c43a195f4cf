import type { ProviderManifest } from "../provider-manifest.ts";

export const awsBedrockManifest: ProviderManifest = {
  kind: "aws-bedrock",
  displayName: "Amazon Bedrock",
  generic: false,
  defaultBaseUrl: null,
  baseUrlHint: "https://bedrock-runtime.eu-central-1.amazonaws.com",
  needsCredential: true,
  credentialTypes: ["api_key", "aws_keys"],
  credentialLabel: "API key or access keys",
  credentialHint:
    'A Bedrock API key; or {"type":"aws_keys","region":"…","access_key_id":"…","secret_access_key":"…"}, with "role_arn" and "external_id" to take on a role.',
  docsUrl: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings"],
  // Models are listed by another service, at another host.
  modelListPath: null,
};
