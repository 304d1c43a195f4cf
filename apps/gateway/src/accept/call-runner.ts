import { chatCompletions } from "@switchyard/providers/clients/chat-completions/protocol";
import type { ClientProtocol } from "@switchyard/providers/clients/client-protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { CallCloser } from "../closing/call-closer.ts";
import type { GatewayErrorHandler } from "../errors/gateway-error.handler.ts";
import { Call, type CallKind } from "./call.ts";
import type { InFlightCalls } from "./in-flight-calls.ts";

/** What answers a call; it throws GatewayError for everything that it does not answer itself. */
export interface CallPipeline {
  run(call: Call): Promise<void>;
}

/** Opens a call, runs its pipeline, and sees to it that it is answered and closed whatever happens. */
export class CallRunner {
  readonly #inFlight: InFlightCalls;
  readonly #errors: GatewayErrorHandler;
  readonly #closer: CallCloser;

  constructor(inFlight: InFlightCalls, errors: GatewayErrorHandler, closer: CallCloser) {
    this.#inFlight = inFlight;
    this.#errors = errors;
    this.#closer = closer;
  }

  /**
   * A Fastify handler. The reply is taken over: the stages write to the socket themselves. What is no chat is answered as
   * OpenAI does it, and so are its errors.
   */
  handler(
    kind: CallKind,
    pipeline: CallPipeline,
    client: ClientProtocol = chatCompletions,
  ): (request: FastifyRequest, reply: FastifyReply) => void {
    return (request, reply) => {
      reply.hijack();
      void this.#run(new Call(kind, client, request.raw, reply.raw), pipeline);
    };
  }

  async #run(call: Call, pipeline: CallPipeline): Promise<void> {
    try {
      this.#inFlight.add(call);
      await pipeline.run(call);
    } catch (error) {
      this.#errors.answer(call, error);
    } finally {
      this.#inFlight.remove(call);
      this.#closer.close(call);
    }
  }
}
