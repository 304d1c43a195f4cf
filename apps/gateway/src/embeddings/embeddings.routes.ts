import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { EmbeddingsPipeline } from "./embeddings.pipeline.ts";

/** The only file that knows the path. */
@Injectable()
export class EmbeddingsRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: EmbeddingsPipeline,
  ) {}

  onModuleInit(): void {
    this.server.route("POST", "/v1/embeddings", this.runner.handler("embeddings", this.pipeline));
  }
}
