import type { ProviderManifest } from "../provider-manifest.ts";

export const cohereManifest: ProviderManifest = {
  kind: "cohere",
  displayName: "Cohere",
  generic: false,
  defaultBaseUrl: "https://api.cohere.com/v2",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "From the dashboard of Cohere.",
  docsUrl: "https://docs.cohere.com/reference/chat",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings", "rerank"],
  // Its list of models is of another form than the one that a connection is tested by.
  modelListPath: null,
};
