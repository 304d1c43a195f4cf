/** Every provider kind that this build speaks. A new one is a folder, a line here and its manifest in manifests.ts. */
import { anthropicCodec } from "./anthropic/codec.ts";
import { awsBedrockCodec } from "./aws-bedrock/codec.ts";
import { azureOpenaiCodec } from "./azure-openai/codec.ts";
import { cerebrasCodec } from "./cerebras/codec.ts";
import { cohereCodec } from "./cohere/codec.ts";
import { deepseekCodec } from "./deepseek/codec.ts";
import { fireworksCodec } from "./fireworks/codec.ts";
import { googleGeminiCodec } from "./google-gemini/codec.ts";
import { googleVertexCodec } from "./google-vertex/codec.ts";
import { groqCodec } from "./groq/codec.ts";
import { mistralCodec } from "./mistral/codec.ts";
import { ollamaCodec } from "./ollama/codec.ts";
import { openaiCompatibleCodec } from "./openai-compatible/codec.ts";
import { openaiCodec } from "./openai/codec.ts";
import { openrouterCodec } from "./openrouter/codec.ts";
import { perplexityCodec } from "./perplexity/codec.ts";
import { qwenCodec } from "./qwen/codec.ts";
import { tgiCodec } from "./tgi/codec.ts";
import { togetherCodec } from "./together/codec.ts";
import { vllmCodec } from "./vllm/codec.ts";
import { xaiCodec } from "./xai/codec.ts";
import type { ProviderCodec } from "./provider-codec.ts";

export const providerCodecs: readonly ProviderCodec[] = [
  openaiCodec,
  anthropicCodec,
  azureOpenaiCodec,
  googleGeminiCodec,
  googleVertexCodec,
  awsBedrockCodec,
  mistralCodec,
  cohereCodec,
  deepseekCodec,
  qwenCodec,
  togetherCodec,
  groqCodec,
  xaiCodec,
  fireworksCodec,
  openrouterCodec,
  perplexityCodec,
  cerebrasCodec,
  vllmCodec,
  tgiCodec,
  ollamaCodec,
  openaiCompatibleCodec,
];

const codecsByKind: ReadonlyMap<string, ProviderCodec> = new Map(
  providerCodecs.map((codec) => [codec.manifest.kind, codec]),
);

/** Finds the codec of a provider kind; undefined for a kind that this build does not speak. */
export function findProviderCodec(kind: string): ProviderCodec | undefined {
  return codecsByKind.get(kind);
}
