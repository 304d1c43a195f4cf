import { withEmbeddings } from "../embeddings/embeddings-surface.ts";
import { createGeminiCodec } from "../google-gemini/codec.ts";
import { withClaude } from "./claude.ts";
import { vertexEmbeddings } from "./embeddings.ts";
import { googleVertexManifest } from "./manifest.ts";

/** Gemini or Claude in a Google Cloud project. The base URL names the region, the project and the publisher. */
export const googleVertexCodec = withClaude(
  withEmbeddings(
    createGeminiCodec(googleVertexManifest, (credential) => ({ authorization: `Bearer ${credential}` })),
    vertexEmbeddings,
  ),
);
