import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { ModelsPipeline } from "./models.pipeline.ts";

/** The only file that knows the path. */
@Injectable()
export class ModelsRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: ModelsPipeline,
  ) {}

  onModuleInit(): void {
    this.server.route("GET", "/v1/models", this.runner.handler("models", this.pipeline));
  }
}
