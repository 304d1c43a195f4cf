import { withEmbeddings } from "../embeddings/embeddings-surface.ts";
import { createGeminiCodec } from "../google-gemini/codec.ts";
import { vertexEmbeddings } from "./embeddings.ts";
import { googleVertexManifest } from "./manifest.ts";

/** Gemini in a Google Cloud project. The base URL names the region, the project and the publisher. */
export const googleVertexCodec = withEmbeddings(
  createGeminiCodec(googleVertexManifest, (credential) => ({ authorization: `Bearer ${credential}` })),
  vertexEmbeddings,
);
