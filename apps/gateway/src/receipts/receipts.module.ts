import { Injectable, Module, type OnApplicationShutdown } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { ClosingModule } from "../closing/closing.module.ts";
import type { Env } from "../env.ts";
import { ENV, LOGGER } from "../env.module.ts";
import { IdentityModule } from "../identity/identity.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { RecentCalls } from "./recent-calls.ts";
import { ReceiptFinder } from "./receipt-finder.ts";
import { ReceiptRepository } from "./receipt.repository.ts";
import { ReceiptsPipeline } from "./receipts.pipeline.ts";
import { ReceiptsRoutes } from "./receipts.routes.ts";

@Injectable()
class ReceiptConnections implements OnApplicationShutdown {
  constructor(private readonly receipts: ReceiptRepository) {}

  async onApplicationShutdown(): Promise<void> {
    await this.receipts.close();
  }
}

@Module({
  imports: [ClosingModule, PoliciesModule, IdentityModule],
  providers: [
    {
      provide: ReceiptRepository,
      useFactory: (env: Env, logger: Logger) => new ReceiptRepository(env.GATEWAY_DATABASE_URL, logger),
      inject: [ENV, LOGGER],
    },
    {
      provide: ReceiptFinder,
      useFactory: (recent: RecentCalls, ledger: ReceiptRepository) => new ReceiptFinder(recent, ledger),
      inject: [RecentCalls, ReceiptRepository],
    },
    ReceiptConnections,
    ReceiptsPipeline,
    ReceiptsRoutes,
  ],
  exports: [ReceiptFinder],
})
export class ReceiptsModule {}
