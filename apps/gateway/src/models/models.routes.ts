import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { modelPath, ModelPipeline } from "./model.pipeline.ts";
import { ModelsPipeline } from "./models.pipeline.ts";

/** The only file that says which paths are served. */
@Injectable()
export class ModelsRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly list: ModelsPipeline,
    private readonly one: ModelPipeline,
  ) {}

  onModuleInit(): void {
    this.server.route("GET", "/v1/models", this.runner.handler("models", this.list));
    this.server.route("GET", `${modelPath}*`, this.runner.handler("models", this.one));
  }
}
