import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { AdmissionService } from "../admission/admission.service.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { BodyReader } from "../parse/body-reader.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { AttemptDispatcher } from "../upstream/dispatcher.ts";
import { PassthroughPipeline } from "./passthrough.pipeline.ts";

/** Serves `/passthrough/{connection}/…` with every method that passes on. */
@Injectable()
export class PassthroughRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly bodies: BodyReader,
    private readonly admission: AdmissionService,
    private readonly dispatcher: AttemptDispatcher,
  ) {}

  onModuleInit(): void {
    const { policies, identity, bodies, admission, dispatcher } = this;
    const pipeline = new PassthroughPipeline({ policies, identity, bodies, admission, dispatcher });
    this.server.routeBelow("/passthrough", this.runner.handler("passthrough", pipeline));
  }
}
