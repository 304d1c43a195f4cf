import type { ProviderManifest } from "../provider-manifest.ts";

export const groqManifest: ProviderManifest = {
  kind: "groq",
  displayName: "Groq",
  generic: false,
  defaultBaseUrl: "https://api.groq.com/openai/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Begins with gsk_.",
  docsUrl: "https://console.groq.com/docs/api-reference",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "transcriptions", "speech"],
  modelListPath: "/models",
};
