import { Injectable, Module, type OnApplicationShutdown } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Env } from "../env.ts";
import { ENV, LOGGER } from "../env.module.ts";
import { IdentityModule } from "../identity/identity.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { SettlementService } from "../settlement/settlement.service.ts";
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
  imports: [PoliciesModule, IdentityModule],
  providers: [
    {
      provide: ReceiptRepository,
      useFactory: (env: Env, logger: Logger) => new ReceiptRepository(env.GATEWAY_DATABASE_URL, logger),
      inject: [ENV, LOGGER],
    },
    {
      provide: ReceiptFinder,
      useFactory: (settlement: SettlementService, ledger: ReceiptRepository) =>
        new ReceiptFinder(new RecentCalls(settlement), ledger),
      inject: [SettlementService, ReceiptRepository],
    },
    ReceiptConnections,
    ReceiptsPipeline,
    ReceiptsRoutes,
  ],
  exports: [ReceiptFinder],
})
export class ReceiptsModule {}
