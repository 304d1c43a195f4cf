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
import type { OpenAiQuirks } from "./openai/quirks.ts";
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

/** The manifest of every kind, and whether its connections may have quirks: what a policy is judged by. */
export const providerKindRules = providerCodecs.map(({ manifest, adjustable }) => ({
  ...manifest,
  takesQuirks: adjustable !== undefined,
  listsModels: manifest.modelListPath !== null,
}));

/**
 * The codec of one connection: its kind's own, or one that heeds its quirks and what its base URL offers. Built once for a
 * connection, not for a call. Undefined for an unknown kind, and for quirks where the kind takes none.
 */
export function codecOfConnection(
  kind: string,
  quirks: OpenAiQuirks | undefined,
  baseUrl: string,
): ProviderCodec | undefined {
  const ofKind = findProviderCodec(kind);
  const codec = quirks === undefined ? ofKind : ofKind?.adjustable?.adjust(quirks);
  return codec?.atBasePath?.(basePathOf(baseUrl)) ?? codec;
}

/** Without the slash at its end; a base URL begins with scheme and host. */
function basePathOf(baseUrl: string): string {
  return baseUrl.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/\/+$/, "");
}
