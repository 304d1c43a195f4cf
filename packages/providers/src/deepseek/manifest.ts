import type { ProviderManifest } from "../provider-manifest.ts";

export const deepseekManifest: ProviderManifest = {
  kind: "deepseek",
  displayName: "DeepSeek",
  generic: false,
  defaultBaseUrl: "https://api.deepseek.com",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with sk-.",
  docsUrl: "https://api-docs.deepseek.com",
  defaultAbortBilling: "runs_on",
  operations: ["chat"],
  modelListPath: "/models",
};
