import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import { openAiDialect, reasoningMembers } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import type { CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { azureOpenaiManifest } from "./manifest.ts";

/** Surfaces whose requests name a version, the latest that each has; the v1 surface has none. */
const deployments = { path: /\/openai\/deployments$/, version: "2024-10-21" };
const foundry = { path: /\/models$/, version: "2024-05-01-preview" };

/**
 * OpenAI's models in an Azure resource. A base URL that ends in `/openai/v1` is the surface without versions; one that
 * ends in `/openai/deployments` is the dated one, with the deployment in the path; one that ends in `/models` is that of
 * Foundry, where models of other makers are.
 */
export const azureOpenaiCodec = createOpenAiCodec(
  azureOpenaiManifest,
  { ...openAiDialect, legacyFunctions: true, refusedMessageMembers: reasoningMembers, responses: true },
  inAzure,
);

function inAzure(openAi: ProviderCodec): ProviderCodec {
  const codec: ProviderCodec = {
    ...openAi,
    // The dated surface has Responses too, but beside the deployments; Foundry's has none.
    atBasePath: (basePath) =>
      deployments.path.test(basePath) || foundry.path.test(basePath) ? { ...codec, natives: {} } : codec,
    requestPath(operation, target) {
      const path = openAi.requestPath(operation, target);
      if (foundry.path.test(target.basePath)) return `${path}?api-version=${foundry.version}`;
      if (!deployments.path.test(target.basePath)) return path;
      return `/${encodeURIComponent(target.model)}${path}?api-version=${deployments.version}`;
    },
    requestHeaders: (credential, sentAs) =>
      credential === null || sentAs === "bearer"
        ? openAi.requestHeaders(credential)
        : { ...openAi.requestHeaders(null), "api-key": credential },
    readCompleteResponse(operation, body, options) {
      const whole = operation === "chat" ? withMessages(body) : null;
      const response = openAi.readCompleteResponse(operation, whole ?? body, options);
      return whole === null ? response : withBody(response, whole);
    },
  };
  return codec;
}

/** An answer whose output was filtered has choices without a message, which clients cannot read; null for all others. */
function withMessages(body: Uint8Array): Uint8Array | null {
  const answer = readJsonObject(body);
  const choices: readonly unknown[] = Array.isArray(answer?.["choices"]) ? answer["choices"] : [];
  const isBare = (choice: unknown): boolean =>
    isFields(choice) && choice["finish_reason"] === "content_filter" && choice["message"] === undefined;
  if (!choices.some(isBare)) return null;
  const message = { role: "assistant", content: null, refusal: null };
  const repaired = choices.map((choice) => (isBare(choice) && isFields(choice) ? { ...choice, message } : choice));
  return encodeUtf8(JSON.stringify({ ...answer, choices: repaired }));
}

function withBody(response: CompleteResponse, body: Uint8Array): CompleteResponse {
  return response.ok ? { ...response, body: response.body ?? body } : response;
}
