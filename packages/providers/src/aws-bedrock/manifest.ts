import type { ProviderManifest } from "../provider-manifest.ts";

export const awsBedrockManifest: ProviderManifest = {
  kind: "aws-bedrock",
  displayName: "Amazon Bedrock",
  generic: false,
  defaultBaseUrl: null,
  baseUrlHint: "https://bedrock-runtime.eu-central-1.amazonaws.com",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "A long-term API key of Bedrock.",
  docsUrl: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
  defaultAbortBilling: "runs_on",
  operations: ["chat"],
  // Models are listed by another service, at another host.
  modelListPath: null,
};
