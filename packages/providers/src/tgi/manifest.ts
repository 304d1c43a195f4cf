import type { ProviderManifest } from "../provider-manifest.ts";

export const tgiManifest: ProviderManifest = {
  kind: "tgi",
  displayName: "Text Generation Inference",
  generic: true,
  defaultBaseUrl: null,
  needsCredential: false,
  credentialLabel: "API key",
  credentialHint: "Leave it out for servers that ask for none.",
  docsUrl: "https://huggingface.co/docs/text-generation-inference/messages_api",
  defaultAbortBilling: "stops",
  operations: ["chat"],
  modelListPath: "/models",
};
