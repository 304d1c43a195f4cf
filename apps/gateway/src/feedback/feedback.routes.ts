import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { FeedbackPipeline } from "./feedback.pipeline.ts";

/** The only file that knows the path. */
@Injectable()
export class FeedbackRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: FeedbackPipeline,
  ) {}

  onModuleInit(): void {
    this.server.route("POST", "/v1/feedback", this.runner.handler("feedback", this.pipeline));
  }
}
