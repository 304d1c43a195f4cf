import type { ClientOperation, PlainOperation } from "./client-operation.ts";
import { embeddingsOperation } from "./embeddings/operation.ts";
import { imagesOperation } from "./images/operation.ts";
import { moderationsOperation } from "./moderations/operation.ts";
import { rerankOperation } from "./rerank/operation.ts";
import { speechOperation } from "./speech/operation.ts";
import { transcriptionsOperation } from "./transcriptions/operation.ts";

/** Every operation besides chat, by its name. */
export const clientOperations: { readonly [operation in PlainOperation]: ClientOperation } = {
  embeddings: embeddingsOperation,
  images: imagesOperation,
  transcriptions: transcriptionsOperation,
  speech: speechOperation,
  moderations: moderationsOperation,
  rerank: rerankOperation,
};
