import { Injectable, type OnModuleInit } from "@nestjs/common";
import { clientOperations } from "@switchyard/providers/operations/registry";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { AdmissionService } from "../admission/admission.service.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { IdempotencyClaims } from "../idempotency/idempotency-claims.ts";
import { BodyReader } from "../parse/body-reader.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { ResponseCache } from "../response-cache/response-cache.ts";
import { RoutePlanner } from "../routing/route-planner.ts";
import { SettlementService } from "../settlement/settlement.service.ts";
import { AttemptDispatcher } from "../upstream/dispatcher.ts";
import { OperationPipeline } from "./operation.pipeline.ts";

/** Serves every operation of the registry at its path, all through one pipeline. */
@Injectable()
export class OperationsRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly bodies: BodyReader,
    private readonly claims: IdempotencyClaims,
    private readonly cache: ResponseCache,
    private readonly admission: AdmissionService,
    private readonly planner: RoutePlanner,
    private readonly dispatcher: AttemptDispatcher,
    private readonly settlement: SettlementService,
  ) {}

  onModuleInit(): void {
    const { policies, identity, bodies, claims, cache, admission, planner, dispatcher, settlement } = this;
    const stages = { policies, identity, bodies, claims, cache, admission, planner, dispatcher, settlement };
    for (const operation of Object.values(clientOperations)) {
      const pipeline = new OperationPipeline(operation, stages);
      this.server.route("POST", `/v1${operation.path}`, this.runner.handler(operation.operation, pipeline));
    }
  }
}
