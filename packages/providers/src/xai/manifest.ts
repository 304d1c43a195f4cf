import type { ProviderManifest } from "../provider-manifest.ts";

export const xaiManifest: ProviderManifest = {
  kind: "xai",
  displayName: "xAI",
  generic: false,
  defaultBaseUrl: "https://api.x.ai/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with xai-.",
  docsUrl: "https://docs.x.ai/docs/api-reference",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "images"],
  modelListPath: "/models",
};
