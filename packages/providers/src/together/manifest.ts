import type { ProviderManifest } from "../provider-manifest.ts";

export const togetherManifest: ProviderManifest = {
  kind: "together",
  displayName: "Together AI",
  generic: false,
  defaultBaseUrl: "https://api.together.xyz/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "From api.together.ai, settings, API keys.",
  docsUrl: "https://docs.together.ai/reference/chat-completions-1",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings", "images", "transcriptions", "speech", "rerank"],
  modelListPath: "/models",
};
