import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import { readJsonObject } from "@switchyard/providers/json/parse-lossless";
import type { ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { Call } from "../accept/call.ts";
import { errorOfFailure } from "../errors/error-of-failure.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { JsonBody } from "../parse/parse-json-object.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { addressOf, headersOfClient } from "../upstream/attempt-request.ts";
import type { AttemptTargets } from "../upstream/attempt-targets.ts";
import type { UpstreamClient, UpstreamRequest } from "../upstream/upstream-client.ts";
import { UpstreamExchange, type ExchangeFailure, type ExchangeSink } from "../upstream/upstream-exchange.ts";

const mostAnswerBytes = 64 * 1024;
/** What the client can mend; anything else only means that this provider does not count today. */
const clientsOwn: ReadonlySet<string> = new Set(["invalid_request", "context_length_exceeded"]);

/** Asks the provider of a target to count. Nothing is generated and nothing billed, so nothing is held or settled. */
export class ProviderCount {
  readonly #client: UpstreamClient;
  readonly #targets: AttemptTargets;

  constructor(client: UpstreamClient, targets: AttemptTargets) {
    this.#client = client;
    this.#targets = targets;
  }

  /** Null where the provider does not count, or did not answer. Throws GatewayError for a request that it calls wrong. */
  async ask(call: Call, policy: ActivePolicy, planned: PlannedAttempt, body: JsonBody): Promise<number | null> {
    const target = await this.#targets.find(policy, planned);
    const { codec, connection, credential, model, lacksCredential } = target;
    call.connection = connection;
    call.model = model;
    const native = codec.natives?.[call.client.name];
    if (native?.tokenCountPath === undefined || lacksCredential) return null;
    const encoding = native.encodeRequest({
      operation: "chat",
      body: body.bytes,
      members: body.members,
      parsed: body.parsed,
      isWidened: false,
      parameterMode: call.parameterMode,
      changes: { model: model.providerModel, outputTokensCap: null, modelOutputTokens: null, includeUsage: false },
    });
    if (!encoding.ok) throw new GatewayError("unsupported_parameter", encoding.message, { param: encoding.param });
    const address = addressOf(connection);
    const answer = await this.#send(call, planned, {
      address,
      path: address.basePath + native.tokenCountPath,
      headers: {
        ...codec.requestHeaders(credential?.secret.reveal() ?? null),
        ...headersOfClient(call, native.clientHeaders),
        "user-agent": "switchyard",
        "x-request-id": call.requestId,
      },
      body: encoding.body,
      connectMs: planned.timeouts.connectMs,
    });
    if (answer === null) return null;
    if (answer.status === 200) return tokensOf(answer.body);
    const failure = codec.classifyFailure({ ...answer, nowMs: Date.now() });
    if (clientsOwn.has(failure.failure)) throw errorOfFailure(failure);
    return null;
  }

  async #send(call: Call, planned: PlannedAttempt, request: UpstreamRequest): Promise<Answer | null> {
    const sentAt = performance.now();
    let abort = (): void => undefined;
    const answer = await new Promise<Answer | null>((resolve) => {
      const exchange = new UpstreamExchange(new AnswerCollector(resolve), planned.timeouts);
      abort = () => exchange.fail("aborted");
      call.whenClientGone(abort);
      if (!exchange.hasEnded) this.#client.send(request, exchange);
    });
    call.forgetListener(abort);
    call.upstreamMs += performance.now() - sentAt;
    if (call.isClientGone) throw new GatewayError("client_closed_request", "The client closed the connection.");
    return answer;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
}

class AnswerCollector implements ExchangeSink {
  readonly #resolve: (answer: Answer | null) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #headers: ResponseHeaders = {};
  #bytes = 0;

  constructor(resolve: (answer: Answer | null) => void) {
    this.#resolve = resolve;
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= mostAnswerBytes) this.#chunks.push(chunk);
  }

  onEnd(failure: ExchangeFailure | null): void {
    const body = Buffer.concat(this.#chunks);
    this.#resolve(failure === null ? { status: this.#status, headers: this.#headers, body } : null);
  }
}

function tokensOf(body: Buffer): number | null {
  const tokens = readJsonObject(body)?.["input_tokens"];
  return typeof tokens === "number" && Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : null;
}
