import type { ProviderManifest } from "../provider-manifest.ts";

export const cerebrasManifest: ProviderManifest = {
  kind: "cerebras",
  displayName: "Cerebras",
  generic: false,
  defaultBaseUrl: "https://api.cerebras.ai/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with csk-.",
  docsUrl: "https://inference-docs.cerebras.ai/api-reference/chat-completions",
  defaultAbortBilling: "runs_on",
  operations: ["chat"],
  modelListPath: "/models",
};
