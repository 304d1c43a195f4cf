import type { ProviderManifest } from "../provider-manifest.ts";

export const qwenManifest: ProviderManifest = {
  kind: "qwen",
  displayName: "Qwen (DashScope)",
  generic: false,
  defaultBaseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  needsCredential: true,
  credentialLabel: "API key",
  credentialHint: "Keys are regional: the base URL must be that of the key.",
  docsUrl: "https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope",
  defaultAbortBilling: "runs_on",
  operations: ["chat", "embeddings"],
  modelListPath: "/models",
};
