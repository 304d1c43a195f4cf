import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import type { Logger } from "@switchyard/telemetry/logger";
import type { FastifyInstance } from "fastify";
import { loggerToken } from "../logging.ts";
import { ProcessMetrics } from "./process-metrics.ts";

/** One line and one count for every call of the API; bodies, queries and credentials are in neither. */
@Injectable()
export class CallLog implements OnModuleInit {
  readonly #adapterHost: HttpAdapterHost;
  readonly #metrics: ProcessMetrics;
  readonly #logger: Logger;

  constructor(adapterHost: HttpAdapterHost, metrics: ProcessMetrics, @Inject(loggerToken) logger: Logger) {
    this.#adapterHost = adapterHost;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  onModuleInit(): void {
    const calls = this.#metrics.metrics.counter("switchyard_admin_requests_total");
    this.#adapterHost.httpAdapter.getInstance<FastifyInstance>().addHook("onResponse", async (request, reply) => {
      const path = request.routeOptions.url ?? "";
      if (!path.startsWith("/api")) return;
      const { method, id: requestId } = request;
      calls.with({ method, path, status: String(reply.statusCode) }).inc();
      const fields = { requestId, method, path, status: reply.statusCode, durationMs: Math.round(reply.elapsedTime) };
      this.#logger[method === "GET" ? "debug" : "info"](fields, "call");
    });
  }
}
