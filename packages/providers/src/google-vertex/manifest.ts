import type { ProviderManifest } from "../provider-manifest.ts";

export const googleVertexManifest: ProviderManifest = {
  kind: "google-vertex",
  displayName: "Google Vertex AI",
  generic: false,
  servesModelsOf: ["google-gemini", "anthropic"],
  defaultBaseUrl: null,
  baseUrlHint:
    "https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4/publishers/google",
  needsCredential: true,
  credentialTypes: ["service_account"],
  credentialLabel: "Service account key",
  credentialHint: "The JSON key file of a service account with the role Vertex AI User.",
  docsUrl: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings"],
  modelListPath: null,
};
