import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import { chatCompletions } from "@switchyard/providers/clients/chat-completions/protocol";
import type { ClientProtocol } from "@switchyard/providers/clients/client-protocol";
import { clientProtocols } from "@switchyard/providers/clients/registry";
import { clientOperations } from "@switchyard/providers/operations/registry";
import type { Passage, ProviderCodec } from "@switchyard/providers/provider-codec";
import type { Operation } from "@switchyard/metering/usage-event";
import type { CallSize } from "../admission/estimate.ts";
import type { JsonBody } from "../parse/parse-json-object.ts";
import type { DispatchOrder } from "../upstream/dispatch-order.ts";

/** A passthrough call whose meaning the kind's codec knows, so that it can be bounded and its usage read. */
export interface KnownCall {
  readonly operation: Operation;
  readonly passage: Passage;
  readonly client: ClientProtocol;
  readonly model: PolicyModel;
  readonly size: Omit<CallSize, "operation">;
  readonly facts: DispatchOrder["facts"];
}

export interface PassthroughRequest {
  readonly codec: ProviderCodec;
  readonly connection: PolicyConnection;
  /** What routes call through this connection. */
  readonly models: readonly PolicyModel[];
  readonly path: string;
  readonly basePath: string;
  readonly method: string;
  /** Null for a body that is no JSON object. */
  readonly body: JsonBody | null;
}

interface Way {
  readonly operation: Operation;
  readonly passage: Passage;
  readonly client: ClientProtocol;
}

/** Null for a path, a body or a model that the codec or the catalogue knows nothing of: what it uses cannot be told. */
export function recogniseCall(request: PassthroughRequest): KnownCall | null {
  const { body, method, models } = request;
  if (body === null || method !== "POST") return null;
  const named = body.parsed["model"];
  const candidates = typeof named === "string" ? models.filter((model) => model.providerModel === named) : models;
  for (const way of waysOf(request.codec)) {
    for (const model of candidates) {
      for (const stream of [false, true]) {
        const target = { model: model.providerModel, stream, basePath: request.basePath };
        if (pathOf(way.passage.requestPath(way.operation, target)) !== request.path) continue;
        const read = readSize(way, body);
        if (read === null) return null;
        return { ...way, model, ...read, facts: { ...read.facts, stream: stream || read.facts.stream } };
      }
    }
  }
  return null;
}

function waysOf(codec: ProviderCodec): Way[] {
  const natives = clientProtocols.flatMap((client): Way[] => {
    const passage = codec.natives?.[client.name];
    return passage === undefined ? [] : [{ operation: "chat", passage, client }];
  });
  const own = codec.manifest.operations.map((operation): Way => ({
    operation,
    passage: codec,
    client: chatCompletions,
  }));
  return [...natives, ...own];
}

function readSize(way: Way, body: JsonBody): Pick<KnownCall, "size" | "facts"> | null {
  if (way.operation !== "chat") {
    const reading = clientOperations[way.operation].readRequest({
      parsed: body.parsed,
      bodyBytes: body.bytes.length,
      file: null,
    });
    if (!reading.ok) return null;
    const { inputTokensAtMost, inputTokensAtLeast, outputTokensAsked, answers, unitsAtMost, counted } = reading.facts;
    return {
      size: { inputTokensAtMost, outputTokensAsked, answers, unitsAtMost },
      facts: { stream: false, includeUsage: false, inputTokensAtLeast, inputTokensAtMost, counted },
    };
  }
  const reading = way.client.readFacts(body.parsed, body.members);
  // Another protocol than a client's: no token is shorter than a byte, and what it asks for is not read.
  const bytes = body.bytes.length;
  const { inputTokensAtMost, inputTokensAtLeast, outputTokensAsked, answers, stream } = reading.ok
    ? reading.facts
    : { inputTokensAtMost: bytes, inputTokensAtLeast: 0, outputTokensAsked: null, answers: 1, stream: false };
  return {
    size: { inputTokensAtMost, outputTokensAsked, answers },
    facts: { stream, includeUsage: true, inputTokensAtLeast, inputTokensAtMost },
  };
}

function pathOf(pathAndQuery: string): string {
  return pathAndQuery.split("?")[0] ?? "";
}
