import type { ProviderManifest } from "../provider-manifest.ts";

export const openrouterManifest: ProviderManifest = {
  kind: "openrouter",
  displayName: "OpenRouter",
  generic: false,
  defaultBaseUrl: "https://openrouter.ai/api/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with sk-or-.",
  docsUrl: "https://openrouter.ai/docs/api-reference/overview",
  defaultAbortBilling: "runs_on",
  operations: ["chat"],
  modelListPath: "/models",
};
