import type { PolicyConnection } from "@switchyard/policy-engine/policy/policy-revision";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import type { AdmissionService } from "../admission/admission.service.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { Caller } from "../identity/caller.ts";
import type { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import type { BodyReader } from "../parse/body-reader.ts";
import { parseJsonObject, type JsonBody } from "../parse/parse-json-object.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import type { PolicyStore } from "../policies/policy.store.ts";
import { addressOf } from "../upstream/attempt-request.ts";
import type { DispatchOrder } from "../upstream/dispatch-order.ts";
import type { AttemptDispatcher } from "../upstream/dispatcher.ts";
import type { UpstreamMethod } from "../upstream/upstream-client.ts";
import { type KnownCall, recogniseCall } from "./known-call.ts";
import { modelsOf, passthroughPlan, passthroughRoute, policyWith, unknownModel } from "./passthrough-order.ts";
import { readPassthroughPath } from "./passthrough-path.ts";
import { PassthroughReader } from "./passthrough.reader.ts";
import { passthroughRequest } from "./passthrough-request.ts";
import { PassthroughWriter } from "./passthrough.writer.ts";

/** The stages that a passthrough call passes. */
export interface PassthroughStages {
  readonly policies: PolicyStore;
  readonly identity: CallerIdentifier;
  readonly bodies: BodyReader;
  readonly admission: AdmissionService;
  readonly dispatcher: AttemptDispatcher;
}

/** What must not reach a client as it is: it speaks of our account. */
const ourTrouble: ReadonlySet<string> = new Set(["provider_credential_rejected", "provider_credit_exhausted"]);

/** One call to a provider as it is: no route, no translation, but the same identity, limits, budgets, journal and receipt. */
export class PassthroughPipeline implements CallPipeline {
  readonly #stages: PassthroughStages;

  constructor(stages: PassthroughStages) {
    this.#stages = stages;
  }

  async run(call: Call): Promise<void> {
    const { policies, identity, bodies, admission } = this.#stages;
    const policy = pinPolicy(call, policies);
    const caller = identity.identify(call.request, policy, call.startedAtMs);
    const attribution = readAttribution(call, caller);
    const path = readPassthroughPath(call.request.url ?? "");
    const connection = allowedConnection(policy, caller, path.connection);
    const codec = policy.codecsByConnectionId.get(connection.connectionId);
    if (codec === undefined) throw new Error(`revision ${policy.number} has a connection of a kind without codec`);
    const bytes = await bodies.read(call.request, "any");
    call.requestBytes = bytes.length;
    const method = (call.request.method ?? "GET") as UpstreamMethod;
    const body = jsonBodyOf(bytes);
    const { basePath } = addressOf(connection);
    const models = modelsOf(policy, connection);
    const known = recogniseCall({ codec, connection, models, path: path.path, basePath, method, body });
    const model = known?.model ?? unknownModel(connection);
    const route = passthroughRoute(connection, model);
    call.route = route;
    call.requestedModel = model.providerModel;
    call.isStream = known?.facts.stream ?? false;
    const operation = known?.operation ?? ("passthrough" as const);
    const facts = known?.facts ?? { ...unknownFacts, inputTokensAtMost: bytes.length };
    const size = known?.size ?? { inputTokensAtMost: bytes.length, outputTokensAsked: null, answers: 1 };
    const { requestId } = call;
    const admitted = await admission.admit({ requestId, operation, policy, attribution, route, ...size });
    const plan = passthroughPlan(route, connection, model);
    call.because.push(...plan.because);
    try {
      const order: DispatchOrder = {
        call,
        // No codec is asked for anything: the request is the client's.
        operation: known?.operation ?? "chat",
        policy: policyWith(policy, model),
        route,
        plan,
        admitted,
        body: body ?? { bytes, ...noMembers },
        facts,
        createRequest: (attempt) => passthroughRequest(attempt, path, method, known),
      };
      await this.#pass(order, known);
    } finally {
      admitted.finish(call.tokensUsed);
    }
  }

  async #pass(order: DispatchOrder, known: KnownCall | null): Promise<void> {
    const { call, admitted } = order;
    const writer = new PassthroughWriter(call, admitted);
    try {
      await this.#stages.dispatcher.pass(
        order,
        (attempt, exchange) => new PassthroughReader(attempt, writer, exchange, known),
      );
    } catch (error) {
      if (!(error instanceof GatewayError) || ourTrouble.has(error.code) || !writer.writeRefusal()) throw error;
    }
  }
}

const unknownFacts = { stream: false, includeUsage: false, inputTokensAtLeast: 0 };
const noMembers = { members: { start: 0, end: 0, members: new Map() }, parsed: {} };

/** One answer for connections that are not there and those that the key may not use: names of accounts are not for strangers. */
function allowedConnection(policy: ActivePolicy, caller: Caller, nameOrId: string): PolicyConnection {
  for (const connectionId of caller.passthroughConnectionIds) {
    const connection = policy.connectionsById.get(connectionId);
    if (connection === undefined || (connectionId !== nameOrId && connection.name !== nameOrId)) continue;
    if (!connection.enabled) throw new GatewayError("no_target_available", "This connection is switched off.");
    if (connection.drained) throw new GatewayError("no_target_available", "An admin is draining this connection.");
    return connection;
  }
  throw new GatewayError(
    "passthrough_not_allowed",
    "This key may not pass calls through to a connection of this name.",
  );
}

/** Null for anything else than one JSON object: that is the provider's to judge. */
function jsonBodyOf(bytes: Buffer): JsonBody | null {
  try {
    return parseJsonObject(bytes);
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
