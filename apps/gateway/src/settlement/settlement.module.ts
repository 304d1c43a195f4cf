import { Module, type DynamicModule } from "@nestjs/common";
import { HoldJournal } from "../admission/hold-journal.ts";
import { OpenAttempts } from "../admission/open-attempts.ts";
import { QuotaLeases } from "../admission/quota-leases.ts";
import { AttemptCloser } from "./attempt-closer.ts";
import { JournalPipeline } from "./journal-pipeline.ts";
import type { SettlementOptions } from "./settlement-options.ts";
import { SettlementService } from "./settlement.service.ts";

/** Needs what the admission module exports. */
@Module({})
export class SettlementModule {
  static with(options: SettlementOptions): DynamicModule {
    return {
      module: SettlementModule,
      global: true,
      providers: [
        { provide: JournalPipeline, useFactory: () => new JournalPipeline(options) },
        {
          provide: HoldJournal,
          useFactory: (pipeline: JournalPipeline) => pipeline.journal,
          inject: [JournalPipeline],
        },
        {
          provide: AttemptCloser,
          useFactory: (openAttempts: OpenAttempts, leases: QuotaLeases, { journal }: JournalPipeline) =>
            new AttemptCloser(openAttempts, leases, journal),
          inject: [OpenAttempts, QuotaLeases, JournalPipeline],
        },
        SettlementService,
      ],
      exports: [SettlementService, HoldJournal],
    };
  }
}
