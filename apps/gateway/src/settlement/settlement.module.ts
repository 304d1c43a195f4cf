import { Module, type DynamicModule } from "@nestjs/common";
import type { SettlementOptions } from "./settlement-options.ts";
import { SettlementService } from "./settlement.service.ts";

@Module({})
export class SettlementModule {
  static with(_options: SettlementOptions): DynamicModule {
    return { module: SettlementModule, providers: [SettlementService], exports: [SettlementService] };
  }
}
