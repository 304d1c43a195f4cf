import type { IncomingMessage, ServerResponse } from "node:http";
import { zeroPicoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import type {
  AttemptRecord,
  Attribution,
  CacheResult,
  RecordedOperation,
  Reason,
  Verdict,
} from "@switchyard/metering/usage-event";
import type { Classification } from "@switchyard/policy-engine/classification/classification";
import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { ClientProtocol } from "@switchyard/providers/clients/client-protocol";
import type { ParameterMode } from "@switchyard/providers/parameters/parameter-rules";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { ErrorCode } from "../errors/error-registry.ts";
import type { RunningClaim } from "../idempotency/running-claim.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";

const lookUps = ["models", "receipts", "estimate", "count_tokens", "feedback"] as const;

/** What clients ask about: no provider generates anything for it, so nothing is billed and nothing recorded. */
export type LookUp = (typeof lookUps)[number];

/** What a client can ask this process for. */
export type CallKind = RecordedOperation | LookUp;

export function isLookUp(kind: CallKind): kind is LookUp {
  return (lookUps as readonly string[]).includes(kind);
}

/**
 * One client call from the first header to the last byte. The stages pass each other what they need as values; what is
 * written down here is what must be known of the call when it ends, however far it got.
 */
export class Call {
  readonly kind: CallKind;
  /** The protocol of its request, and of whatever it is answered with. */
  readonly client: ClientProtocol;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly startedAtMs: number;
  /** On the monotonic clock, which durations are measured by. */
  readonly startedAt = performance.now();

  policy: ActivePolicy | null = null;
  attribution: Attribution | null = null;
  route: Route | null = null;
  /** What its prompt was taken for; null where no strategy of the route goes by it. */
  task: Classification | null = null;
  requestedModel = "";
  isStream = false;
  cache: CacheResult = "bypass";
  /** What is to become of parameters that a provider lacks. */
  parameterMode: ParameterMode = "default";
  /** Who answered, or who failed last. */
  connection: PolicyConnection | null = null;
  model: PolicyModel | null = null;
  attempts = 0;
  verdict: Verdict | null = null;
  errorCode: ErrorCode | null = null;
  status = 0;
  costPicoUsd: PicoUsd = zeroPicoUsd;
  /** The part of the cost that no provider bills. */
  feePicoUsd: PicoUsd = zeroPicoUsd;
  /** What a remembered answer cost when it was first given. */
  savedPicoUsd: PicoUsd = zeroPicoUsd;
  /** The attempts that have been closed, as they were journalled. */
  readonly closedAttempts: AttemptRecord[] = [];
  /** Tokens that providers counted for this call, all attempts together. */
  tokensUsed = 0;
  requestBytes = 0;
  responseBytes = 0;
  firstByteAt: number | null = null;
  /** Time spent waiting for providers, all attempts together. */
  upstreamMs = 0;
  readonly warnings: string[] = [];
  readonly because: Reason[] = [];
  /** The answer must say `connection: close`: this process is draining, or the request was not read to its end. */
  isLastOnConnection = false;
  isClientGone = false;
  /** The last bytes are on their way; whoever wrote them also ends the connection. */
  isEnding = false;
  /** Its place among the calls in flight; null where it is not, or not any more. */
  seat: number | null = null;
  /** Set where the client named the call by an Idempotency-Key: its answer is awaited even if this connection breaks. */
  claim: RunningClaim | null = null;
  /** More than one where two attempts are under way beside each other. */
  #departureListeners: readonly (() => void)[] = [];

  constructor(
    kind: CallKind,
    client: ClientProtocol,
    request: IncomingMessage,
    response: ServerResponse,
    requestId?: string,
  ) {
    this.kind = kind;
    this.client = client;
    this.request = request;
    this.response = response;
    this.startedAtMs = Date.now();
    this.requestId = requestId ?? createUuidV7(this.startedAtMs);
    // The response, not the request: a request closes as soon as its body is read.
    response.once("close", () => {
      if (response.writableFinished) return;
      this.isClientGone = true;
      for (const listener of this.#departureListeners) listener();
    });
  }

  /**
   * The same call once more, for a copy of it that is sent after its answer. It counts for itself: whatever becomes of the copy
   * is nothing that the client was told or charged for.
   */
  copy(): Call {
    const copy = new Call(this.kind, this.client, this.request, this.response, this.requestId);
    copy.policy = this.policy;
    copy.attribution = this.attribution;
    copy.route = this.route;
    copy.task = this.task;
    copy.requestedModel = this.requestedModel;
    copy.isStream = this.isStream;
    copy.parameterMode = this.parameterMode;
    copy.attempts = this.attempts;
    return copy;
  }

  /** Nobody waits for the answer any more. */
  get isAbandoned(): boolean {
    return this.isClientGone && this.claim === null;
  }

  /** Runs when the client hangs up before its answer is complete; at once if it already has. */
  whenClientGone(listener: () => void): void {
    // A list of its own for every change, because listeners take themselves off it while it is walked.
    this.#departureListeners = [...this.#departureListeners, listener];
    if (this.isClientGone) listener();
  }

  forgetListener(listener: () => void): void {
    this.#departureListeners = this.#departureListeners.filter((known) => known !== listener);
  }
}
