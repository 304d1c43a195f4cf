import { Module } from "@nestjs/common";
import { QuotasModule } from "../quotas/quotas.module.ts";
import { GatewayFeeRepository } from "./gateway-fee.repository.ts";
import { GatewayFeesController } from "./gateway-fees.controller.ts";
import { GatewayFeesService } from "./gateway-fees.service.ts";

@Module({
  imports: [QuotasModule],
  controllers: [GatewayFeesController],
  providers: [GatewayFeesService, GatewayFeeRepository],
})
export class GatewayFeesModule {}
