import type { ProviderManifest } from "../provider-manifest.ts";

export const perplexityManifest: ProviderManifest = {
  kind: "perplexity",
  displayName: "Perplexity",
  generic: false,
  defaultBaseUrl: "https://api.perplexity.ai",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with pplx-.",
  docsUrl: "https://docs.perplexity.ai/api-reference/chat-completions-post",
  defaultAbortBilling: "runs_on",
  operations: ["chat"],
  modelListPath: null,
};
