/** Every provider kind as data: safe for a browser, and free of codec code so that it stays small there. */
import { anthropicManifest } from "./anthropic/manifest.ts";
import { awsBedrockManifest } from "./aws-bedrock/manifest.ts";
import { azureOpenaiManifest } from "./azure-openai/manifest.ts";
import { cerebrasManifest } from "./cerebras/manifest.ts";
import { cohereManifest } from "./cohere/manifest.ts";
import { deepseekManifest } from "./deepseek/manifest.ts";
import { fireworksManifest } from "./fireworks/manifest.ts";
import { googleGeminiManifest } from "./google-gemini/manifest.ts";
import { googleVertexManifest } from "./google-vertex/manifest.ts";
import { groqManifest } from "./groq/manifest.ts";
import { mistralManifest } from "./mistral/manifest.ts";
import { ollamaManifest } from "./ollama/manifest.ts";
import { openaiCompatibleManifest } from "./openai-compatible/manifest.ts";
import { openaiManifest } from "./openai/manifest.ts";
import { openrouterManifest } from "./openrouter/manifest.ts";
import { perplexityManifest } from "./perplexity/manifest.ts";
import { qwenManifest } from "./qwen/manifest.ts";
import { tgiManifest } from "./tgi/manifest.ts";
import { togetherManifest } from "./together/manifest.ts";
import { vllmManifest } from "./vllm/manifest.ts";
import { xaiManifest } from "./xai/manifest.ts";
import type { ProviderManifest } from "./provider-manifest.ts";

export const providerManifests: readonly ProviderManifest[] = [
  openaiManifest,
  anthropicManifest,
  azureOpenaiManifest,
  googleGeminiManifest,
  googleVertexManifest,
  awsBedrockManifest,
  mistralManifest,
  cohereManifest,
  deepseekManifest,
  qwenManifest,
  togetherManifest,
  groqManifest,
  xaiManifest,
  fireworksManifest,
  openrouterManifest,
  perplexityManifest,
  cerebrasManifest,
  vllmManifest,
  tgiManifest,
  ollamaManifest,
  openaiCompatibleManifest,
];
