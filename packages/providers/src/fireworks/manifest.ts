import type { ProviderManifest } from "../provider-manifest.ts";

export const fireworksManifest: ProviderManifest = {
  kind: "fireworks",
  displayName: "Fireworks AI",
  generic: false,
  defaultBaseUrl: "https://api.fireworks.ai/inference/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with fw_.",
  docsUrl: "https://docs.fireworks.ai/api-reference/post-chatcompletions",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings", "rerank"],
  modelListPath: "/models",
};
