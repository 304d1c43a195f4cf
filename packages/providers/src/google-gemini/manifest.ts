import type { ProviderManifest } from "../provider-manifest.ts";

export const googleGeminiManifest: ProviderManifest = {
  kind: "google-gemini",
  displayName: "Google Gemini",
  generic: false,
  defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "From Google AI Studio.",
  docsUrl: "https://ai.google.dev/api/generate-content",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings"],
  // Its list of models is of another form than the one that a connection is tested by.
  modelListPath: null,
};
