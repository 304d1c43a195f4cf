import type { ProviderManifest } from "../provider-manifest.ts";

export const azureOpenaiManifest: ProviderManifest = {
  kind: "azure-openai",
  displayName: "Azure OpenAI",
  generic: false,
  defaultBaseUrl: null,
  baseUrlHint: "https://my-resource.openai.azure.com/openai/v1",
  needsCredential: true,
  credentialTypes: ["api_key", "azure_client"],
  credentialLabel: "API key or client",
  credentialHint:
    'Either key of the resource; or, for Entra ID, {"type":"azure_client","tenant_id":"…","client_id":"…","client_secret":"…"}. The provider\'s model is the name of a deployment.',
  docsUrl: "https://learn.microsoft.com/azure/ai-foundry/openai/reference",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings"],
  // It lists models that the region offers, not the deployments of the resource.
  modelListPath: null,
};
