import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { EstimatePipeline } from "./estimate.pipeline.ts";

/** The only file that knows the path. */
@Injectable()
export class EstimateRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: EstimatePipeline,
  ) {}

  onModuleInit(): void {
    this.server.route("POST", "/v1/estimate", this.runner.handler("estimate", this.pipeline));
  }
}
