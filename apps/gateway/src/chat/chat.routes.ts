import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { ChatPipeline } from "./chat.pipeline.ts";

/** The only file that knows the path. */
@Injectable()
export class ChatRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: ChatPipeline,
  ) {}

  onModuleInit(): void {
    this.server.route("POST", "/v1/chat/completions", this.runner.handler("chat", this.pipeline));
  }
}
