import type { RouteTimeouts } from "@switchyard/policy-engine/policy/route";
import type { ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { Dispatcher } from "undici";

/** How far an exchange had come when it failed. */
export type ExchangePhase = "connecting" | "waiting" | "receiving";
export type ExchangeFault = "timeout" | "aborted" | "too_large" | "connection";

export interface ExchangeFailure {
  readonly phase: ExchangePhase;
  readonly fault: ExchangeFault;
  /** What the socket or the client library said; for logs, not for clients. */
  readonly cause: unknown;
}

export interface ExchangeSink {
  /** Once, before any data. */
  onHead(status: number, headers: ResponseHeaders): void;
  onData(chunk: Buffer): void;
  /** Once, last. Null: the provider completed its response. */
  onEnd(failure: ExchangeFailure | null): void;
}

const mostResponseBytes = 64 * 1024 * 1024;

/**
 * One HTTP exchange with a provider, with its three clocks: until the first byte of the body, between bytes, in total.
 * A hand-written dispatch handler, because streams and promises here would cost more than the rest of the gateway.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly #sink: ExchangeSink;
  readonly #idleMs: number;
  readonly #totalTimer: NodeJS.Timeout;
  #phaseTimer: NodeJS.Timeout;
  #phase: ExchangePhase | "ended" = "connecting";
  #controller: Dispatcher.DispatchController | null = null;
  #receivedBytes = 0;

  constructor(sink: ExchangeSink, timeouts: RouteTimeouts) {
    this.#sink = sink;
    this.#idleMs = timeouts.idleMs;
    this.#totalTimer = setTimeout(onTimeout, timeouts.totalMs, this);
    this.#phaseTimer = setTimeout(onTimeout, timeouts.firstByteMs, this);
  }

  get hasEnded(): boolean {
    return this.#phase === "ended";
  }

  /** Gives up: the connection is closed and the sink told at once. */
  fail(fault: ExchangeFault, cause?: unknown): void {
    if (this.#phase === "ended") return;
    const phase = this.#phase;
    // Ends first: what the client library reports about an abort that we asked for is no news.
    this.#end({ phase, fault, cause });
    this.#controller?.abort(new Error(fault));
  }

  /** Stops reading, and with it the idle clock: silence that we asked for is not the provider's. */
  pause(): void {
    clearTimeout(this.#phaseTimer);
    this.#controller?.pause();
  }

  resume(): void {
    if (this.#phase === "ended") return;
    this.#phaseTimer = setTimeout(onTimeout, this.#idleMs, this);
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#phase === "ended") return controller.abort(new Error("aborted"));
    this.#controller = controller;
    this.#phase = "waiting";
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (status >= 200 && this.#phase !== "ended") this.#sink.onHead(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#phase === "ended") return;
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > mostResponseBytes) return this.fail("too_large");
    if (this.#phase === "receiving") {
      this.#phaseTimer.refresh();
    } else {
      this.#phase = "receiving";
      clearTimeout(this.#phaseTimer);
      this.#phaseTimer = setTimeout(onTimeout, this.#idleMs, this);
    }
    this.#sink.onData(chunk);
    // A sink that paused has stopped this clock, and refreshing would start it again.
    if (controller.paused) clearTimeout(this.#phaseTimer);
  }

  onResponseEnd(): void {
    if (this.#phase !== "ended") this.#end(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    if (this.#phase !== "ended") this.#end({ phase: this.#phase, fault: "connection", cause });
  }

  #end(failure: ExchangeFailure | null): void {
    this.#phase = "ended";
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#phaseTimer);
    this.#sink.onEnd(failure);
  }
}

function onTimeout(exchange: UpstreamExchange): void {
  exchange.fail("timeout");
}
