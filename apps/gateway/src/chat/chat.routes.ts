import { Injectable, type OnModuleInit } from "@nestjs/common";
import { clientProtocols } from "@switchyard/providers/clients/registry";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { ChatPipeline } from "./chat.pipeline.ts";

/** One path for each protocol that clients speak; behind all of them is one pipeline. */
@Injectable()
export class ChatRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: ChatPipeline,
  ) {}

  onModuleInit(): void {
    for (const client of clientProtocols) {
      this.server.route("POST", client.path, this.runner.handler("chat", this.pipeline, client));
    }
  }
}
