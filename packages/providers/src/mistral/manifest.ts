import type { ProviderManifest } from "../provider-manifest.ts";

export const mistralManifest: ProviderManifest = {
  kind: "mistral",
  displayName: "Mistral",
  generic: false,
  defaultBaseUrl: "https://api.mistral.ai/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "From console.mistral.ai.",
  docsUrl: "https://docs.mistral.ai/api",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings", "transcriptions", "moderations"],
  modelListPath: "/models",
};
