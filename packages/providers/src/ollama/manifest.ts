import type { ProviderManifest } from "../provider-manifest.ts";

export const ollamaManifest: ProviderManifest = {
  kind: "ollama",
  displayName: "Ollama",
  generic: true,
  defaultBaseUrl: null,
  needsCredential: false,
  credentialLabel: "API key",
  credentialHint: "Leave it out for servers that ask for none.",
  docsUrl: "https://docs.ollama.com/openai",
  defaultAbortBilling: "stops",
  operations: ["chat", "embeddings"],
  modelListPath: "/models",
};
