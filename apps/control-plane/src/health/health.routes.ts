import { Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import type { FastifyInstance } from "fastify";
import { PolicyRevisionRepository } from "../policy-revisions/policy-revision.repository.ts";
import { ProcessMetrics } from "./process-metrics.ts";
import { ReadinessRepository } from "./readiness.repository.ts";

/** What orchestrators and Prometheus ask; beside the API, open, and free of secrets. */
@Injectable()
export class HealthRoutes implements OnModuleInit {
  readonly #adapterHost: HttpAdapterHost;
  readonly #readiness: ReadinessRepository;
  readonly #revisions: PolicyRevisionRepository;
  readonly #metrics: ProcessMetrics;

  constructor(
    adapterHost: HttpAdapterHost,
    readiness: ReadinessRepository,
    revisions: PolicyRevisionRepository,
    metrics: ProcessMetrics,
  ) {
    this.#adapterHost = adapterHost;
    this.#readiness = readiness;
    this.#revisions = revisions;
    this.#metrics = metrics;
  }

  onModuleInit(): void {
    const fastify = this.#adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.get("/livez", async () => ({ status: "ok" }));
    fastify.get("/readyz", async (_request, reply) => {
      const problem = await this.#findProblem();
      return problem === null ? { status: "ok" } : reply.status(503).send({ status: "not_ready", problem });
    });
    fastify.get("/metrics", async (_request, reply) => {
      const { registry } = this.#metrics.metrics;
      return reply.header("content-type", registry.contentType).send(await this.#metrics.metrics.exposition());
    });
  }

  async #findProblem(): Promise<string | null> {
    try {
      const pending = await this.#readiness.pendingMigrations();
      if (pending.length > 0) return `migrations are missing: ${pending.join(", ")}`;
      return (await this.#revisions.headNumber()) === 0 ? "no policy is published yet; run the seed" : null;
    } catch {
      return "the database does not answer";
    }
  }
}
