import type { PolicyConnection } from "@switchyard/policy-engine/policy/policy-revision";
import type { LiveAttempt } from "./live-attempt.ts";
import { UnsupportedParameterError } from "./unsupported-parameter.error.ts";
import { readUpstreamAddress, type UpstreamAddress, type UpstreamRequest } from "./upstream-client.ts";

const addresses = new WeakMap<PolicyConnection, UpstreamAddress>();

/**
 * What is sent for an attempt: the codec's bytes and headers, and the two ids that a provider's support can ask for.
 * Throws UnsupportedParameterError where the provider has nothing for what the client's code depends on.
 */
export function attemptRequest({ order, target, held }: LiveAttempt): UpstreamRequest {
  const { codec, connection, credential, model, planned } = target;
  const encoded = codec.encodeRequest({
    operation: order.operation,
    body: order.body.bytes,
    members: order.body.members,
    parsed: order.body.parsed,
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
  return {
    address,
    path:
      address.basePath + codec.requestPath(order.operation, { model: model.providerModel, stream: order.facts.stream }),
    headers: {
      ...codec.requestHeaders(credential?.secret.reveal() ?? null),
      "accept-encoding": "identity",
      "user-agent": "switchyard",
      "x-request-id": order.call.requestId,
      "x-switchyard-attempt-id": held.hold.attemptId,
    },
    body: encoded.body,
    connectMs: planned.timeouts.connectMs,
  };
}

function addressOf(connection: PolicyConnection): UpstreamAddress {
  const known = addresses.get(connection);
  if (known !== undefined) return known;
  const address = readUpstreamAddress(connection.baseUrl);
  addresses.set(connection, address);
  return address;
}
