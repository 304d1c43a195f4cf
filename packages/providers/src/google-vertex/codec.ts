import { createGeminiCodec } from "../google-gemini/codec.ts";
import { googleVertexManifest } from "./manifest.ts";

/** Gemini in a Google Cloud project. The base URL names the region, the project and the publisher. */
export const googleVertexCodec = createGeminiCodec(googleVertexManifest, (credential) => ({
  authorization: `Bearer ${credential}`,
}));
