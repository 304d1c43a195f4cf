import type { ProviderManifest } from "../provider-manifest.ts";

export const googleVertexManifest: ProviderManifest = {
  kind: "google-vertex",
  displayName: "Google Vertex AI",
  generic: false,
  servesModelsOf: ["google-gemini"],
  defaultBaseUrl: null,
  baseUrlHint:
    "https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4/publishers/google",
  needsCredential: true,
  credentialLabel: "Access token",
  credentialHint: "An OAuth access token of a principal with the role Vertex AI User.",
  docsUrl: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference",
  defaultAbortBilling: "runs_on",
  operations: ["chat"],
  modelListPath: null,
};
