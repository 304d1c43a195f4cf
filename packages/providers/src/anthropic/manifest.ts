import type { ProviderManifest } from "../provider-manifest.ts";

export const anthropicManifest: ProviderManifest = {
  kind: "anthropic",
  displayName: "Anthropic",
  generic: false,
  defaultBaseUrl: "https://api.anthropic.com/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with sk-ant-; a key of one workspace limits what a leak can reach.",
  docsUrl: "https://platform.claude.com/docs/en/api/messages",
  defaultAbortBilling: "runs_on",
  operations: ["chat"],
  modelListPath: "/models",
};
