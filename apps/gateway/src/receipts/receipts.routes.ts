import { Injectable, type OnModuleInit } from "@nestjs/common";
import { CallRunner } from "../accept/call-runner.ts";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { ReceiptsPipeline } from "./receipts.pipeline.ts";

/** The only file that knows the path. */
@Injectable()
export class ReceiptsRoutes implements OnModuleInit {
  constructor(
    private readonly server: DataPlaneServer,
    private readonly runner: CallRunner,
    private readonly pipeline: ReceiptsPipeline,
  ) {}

  onModuleInit(): void {
    this.server.route("GET", "/v1/receipts/:requestId", this.runner.handler("receipts", this.pipeline));
  }
}
