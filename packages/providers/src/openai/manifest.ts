import type { ProviderManifest } from "../provider-manifest.ts";

export const openaiManifest: ProviderManifest = {
  kind: "openai",
  displayName: "OpenAI",
  generic: false,
  defaultBaseUrl: "https://api.openai.com/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with sk-; a project key limits what a leak can reach.",
  docsUrl: "https://platform.openai.com/docs/api-reference",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings", "images", "transcriptions", "speech", "moderations"],
  modelListPath: "/models",
};
