import { Controller, Get, Inject, Res } from "@nestjs/common";
import type { FleetMetrics } from "@switchyard/telemetry/fleet-metrics";
import type { FastifyReply } from "fastify";
import { InFlightCalls } from "../accept/in-flight-calls.ts";
import { FLEET_METRICS } from "../env.module.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { SettlementService } from "../settlement/settlement.service.ts";

const metricsTimeoutMs = 2_000;
const prometheusText = "text/plain; version=0.0.4; charset=utf-8";

/** What orchestrators, load balancers and Prometheus ask. Nothing here needs a key, and nothing here tells a secret. */
@Controller()
export class HealthController {
  constructor(
    @Inject(PolicyStore) private readonly policies: PolicyStore,
    @Inject(SettlementService) private readonly settlement: SettlementService,
    @Inject(InFlightCalls) private readonly inFlight: InFlightCalls,
    @Inject(FLEET_METRICS) private readonly fleetMetrics: FleetMetrics,
  ) {}

  @Get("livez")
  live(): { status: "live" } {
    return { status: "live" };
  }

  @Get("readyz")
  ready(@Res() reply: FastifyReply): void {
    const reasons = [
      ...(this.policies.current === null ? ["no_policy"] : []),
      ...(this.settlement.status().isWritable ? [] : ["journal_not_writable"]),
      ...(this.inFlight.isDraining ? ["draining"] : []),
    ];
    const isReady = reasons.length === 0;
    void reply.status(isReady ? 200 : 503).send({
      status: isReady ? "ready" : "not_ready",
      reasons,
      policyRevision: this.policies.current?.number ?? null,
      refusedRevision: this.policies.problem?.revision ?? null,
    });
  }

  @Get("metrics")
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.fleetMetrics.requestFleetMetrics(metricsTimeoutMs);
    void reply.header("content-type", prometheusText).send(text);
  }
}
