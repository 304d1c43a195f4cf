/** Every provider kind as data: safe for a browser, and free of codec code so that it stays small there. */
import { openaiCompatibleManifest } from "./openai-compatible/manifest.ts";
import { openaiManifest } from "./openai/manifest.ts";
import type { ProviderManifest } from "./provider-manifest.ts";

export const providerManifests: readonly ProviderManifest[] = [openaiManifest, openaiCompatibleManifest];
