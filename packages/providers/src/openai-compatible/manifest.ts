import type { ProviderManifest } from "../provider-manifest.ts";

export const openaiCompatibleManifest: ProviderManifest = {
  kind: "openai-compatible",
  displayName: "OpenAI-compatible server",
  generic: true,
  defaultBaseUrl: null,
  needsCredential: false,
  credentialLabel: "API key",
  credentialHint: "Sent as a bearer token; leave it out for servers that ask for none.",
  docsUrl: null,
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings", "images", "transcriptions", "speech", "moderations", "rerank"],
  modelListPath: "/models",
};
