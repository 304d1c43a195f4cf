import { isJsonObject } from "../../text/json-object.ts";
import { readChatCall } from "../openai/chat-endpoint.ts";
import { readEmbeddingsCall } from "../openai/embeddings-endpoint.ts";
import type { CallReading, Endpoint, PathGroups, ProviderError, RequestHead, WireFormat } from "../wire-format.ts";
import { encodeAzureChat } from "./azure-chat.ts";
import { encodeAzureError } from "./azure-errors.ts";

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-preview)?$/;
const REQUESTS_LEFT = 999;

/** Azure OpenAI's dated surface: the deployment is in the path, the version in the query. */
export const azureFormat: WireFormat = {
  endpoints: [
    deploymentEndpoint("azure.chat.completions", "chat/completions", (body) => readChatCall(body, encodeAzureChat)),
    deploymentEndpoint("azure.embeddings", "embeddings", readEmbeddingsCall),
  ],
  modelList: undefined,
  apiKeyOf({ "api-key": key, authorization }) {
    const [, bearer] = /^Bearer +(.+)$/i.exec(authorization ?? "") ?? [];
    return typeof key === "string" ? key : bearer;
  },
  objectionTo: findVersionProblem,
  encodeError: encodeAzureError,
  encodeEvent: (json) => `data: ${json}\n\n`,
  responseHeaders: ({ requestId, status }) => [
    "apim-request-id",
    requestId,
    "x-ms-region",
    "Sweden Central",
    "x-ratelimit-remaining-requests",
    String(status === 429 ? 0 : REQUESTS_LEFT),
  ],
};

/** The deployment takes the place of the body's model, whatever that says. */
function deploymentEndpoint(name: string, path: string, read: (body: unknown) => CallReading): Endpoint {
  return {
    name,
    path: new RegExp(String.raw`/openai/deployments/(?<deployment>[^/]+)/${path}$`),
    readCall: (body: unknown, { deployment }: PathGroups) =>
      read(isJsonObject(body) ? { ...body, model: deployment } : body),
  };
}

/** Without a version there is nothing at the path. */
function findVersionProblem({ url }: RequestHead): ProviderError | undefined {
  const version = new URL(url, "http://simulator").searchParams.get("api-version") ?? "";
  return API_VERSION.test(version) ? undefined : { status: 404, code: "404", message: "Resource not found" };
}
