import type { ProviderManifest } from "../provider-manifest.ts";

export const vllmManifest: ProviderManifest = {
  kind: "vllm",
  displayName: "vLLM",
  generic: true,
  defaultBaseUrl: null,
  needsCredential: false,
  credentialLabel: "API key",
  credentialHint: "Leave it out for servers that ask for none.",
  docsUrl: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
  defaultAbortBilling: "stops",
  operations: ["chat", "embeddings", "transcriptions", "rerank"],
  modelListPath: "/models",
};
