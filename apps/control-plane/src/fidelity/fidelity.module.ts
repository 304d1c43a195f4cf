import { Module } from "@nestjs/common";
import { ProviderConnectionsModule } from "../provider-connections/provider-connections.module.ts";
import { RoutesModule } from "../routes/routes.module.ts";
import { VirtualKeysModule } from "../virtual-keys/virtual-keys.module.ts";
import { FidelityController } from "./fidelity.controller.ts";
import { FidelityRuns } from "./fidelity-runs.ts";
import { FidelityService } from "./fidelity.service.ts";
import { FidelityWaysFactory } from "./fidelity-ways.ts";

@Module({
  imports: [ProviderConnectionsModule, RoutesModule, VirtualKeysModule],
  controllers: [FidelityController],
  providers: [FidelityRuns, FidelityService, FidelityWaysFactory],
})
export class FidelityModule {}
