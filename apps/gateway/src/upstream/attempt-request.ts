import type { PolicyConnection } from "@switchyard/policy-engine/policy/policy-revision";
import { readJsonObject } from "@switchyard/providers/json/parse-lossless";
import { parameterWarning } from "@switchyard/providers/parameters/parameter-rules";
import type { RequestToEncode } from "@switchyard/providers/provider-codec";
import type { Call } from "../accept/call.ts";
import type { JsonBody } from "../parse/parse-json-object.ts";
import type { DispatchOrder } from "./dispatch-order.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import { authorise } from "./credentials/authorise.ts";
import { UnsupportedParameterError } from "./unsupported-parameter.error.ts";
import { readUpstreamAddress, type UpstreamAddress, type UpstreamRequest } from "./upstream-client.ts";

const conversations = new WeakMap<JsonBody, ReadConversation>();
const addresses = new WeakMap<PolicyConnection, UpstreamAddress>();

type ReadConversation = Required<Pick<RequestToEncode, "parsed" | "spellings">>;

/**
 * What is sent for an attempt: the codec's bytes and headers, and the two ids that a provider's support can ask for.
 * Throws UnsupportedParameterError where the provider has nothing for what the client's code depends on.
 */
export function attemptRequest({ order, target, held, passage, native }: LiveAttempt): UpstreamRequest {
  const { codec, connection, model, planned } = target;
  if (!codec.manifest.operations.includes(order.operation)) {
    throw new UnsupportedParameterError(`${codec.manifest.displayName} does not offer ${order.operation}.`, "model");
  }
  const isWidened = native === null && order.operation === "chat" && order.call.client.name !== "chat-completions";
  const encoded = passage.encodeRequest({
    operation: order.operation,
    body: order.body.bytes,
    members: order.body.members,
    ...(isWidened ? conversationOf(order) : { parsed: order.body.parsed }),
    isWidened,
    ...(order.body.form === undefined ? {} : { form: order.body.form }),
    parameterMode: order.call.parameterMode,
    changes: {
      model: model.providerModel,
      outputTokensCap: held.outputTokensCap,
      modelOutputTokens: model.maxOutputTokens,
      includeUsage: order.facts.stream,
    },
  });
  if (!encoded.ok) throw new UnsupportedParameterError(encoded.message, encoded.param);
  order.call.warnings.push(...encoded.warnings);
  const address = addressOf(connection);
  const path =
    address.basePath +
    passage.requestPath(order.operation, {
      model: model.providerModel,
      stream: order.facts.stream,
      basePath: address.basePath,
    });
  return {
    address,
    path,
    headers: {
      ...authorise(target, { address, path, body: encoded.body }),
      ...(native === null ? {} : headersOfClient(order.call, native.clientHeaders)),
      ...(order.body.form === undefined ? {} : { "content-type": order.body.form.contentType }),
      "accept-encoding": "identity",
      "user-agent": "switchyard",
      "x-request-id": order.call.requestId,
      "x-switchyard-attempt-id": held.hold.attemptId,
    },
    body: encoded.body,
    connectMs: planned.timeouts.connectMs,
  };
}

/**
 * The request in the gateway's own form, read once for all attempts. Throws UnsupportedParameterError for what only a
 * provider of the client's own protocol could be asked for.
 */
function conversationOf(order: DispatchOrder): ReadConversation {
  const known = conversations.get(order.body);
  if (known !== undefined) return known;
  const { call } = order;
  // Parsed anew, because arguments of tools may hold numbers that no double can.
  const reading = call.client.readConversation(readJsonObject(order.body.bytes) ?? order.body.parsed);
  if (!reading.ok) throw new UnsupportedParameterError(reading.message, reading.param);
  for (const param of reading.dropped) noteDropped(call, param);
  const read: ReadConversation = {
    parsed: reading.conversation as RequestToEncode["parsed"],
    spellings: reading.spellings ?? {},
  };
  conversations.set(order.body, read);
  return read;
}

function noteDropped({ parameterMode, warnings }: Call, param: string): void {
  if (parameterMode === "strict") {
    throw new UnsupportedParameterError(`'${param}' is not supported by the targets of this route.`, param);
  }
  if (parameterMode !== "ignore") warnings.push(parameterWarning(param, "dropped", "any"));
}

/** Headers that pass to a provider of the client's own protocol. */
export function headersOfClient(call: Call, names: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = call.request.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}

export function addressOf(connection: PolicyConnection): UpstreamAddress {
  const known = addresses.get(connection);
  if (known !== undefined) return known;
  const address = readUpstreamAddress(connection.baseUrl);
  addresses.set(connection, address);
  return address;
}
