import { Injectable, type OnModuleInit } from "@nestjs/common";
import { anthropicMessages } from "@switchyard/providers/clients/anthropic-messages/protocol";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { CountTokensPipeline } from "./count-tokens.pipeline.ts";

@Injectable()
export class CountTokensRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: CountTokensPipeline,
  ) {}

  onModuleInit(): void {
    const handler = this.runner.handler("count_tokens", this.pipeline, anthropicMessages);
    this.server.route("POST", `${anthropicMessages.path}/count_tokens`, handler);
  }
}
