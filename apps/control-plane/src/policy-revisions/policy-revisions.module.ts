import { Module } from "@nestjs/common";
import { ModelsModule } from "../models/models.module.ts";
import { ProviderConnectionsModule } from "../provider-connections/provider-connections.module.ts";
import { QuotasModule } from "../quotas/quotas.module.ts";
import { RoutesModule } from "../routes/routes.module.ts";
import { PolicyRevisionsController } from "./policy-revisions.controller.ts";
import { PolicyRevisionsService } from "./policy-revisions.service.ts";
import { RollBackRepository } from "./roll-back.repository.ts";

@Module({
  imports: [ModelsModule, ProviderConnectionsModule, QuotasModule, RoutesModule],
  controllers: [PolicyRevisionsController],
  providers: [PolicyRevisionsService, RollBackRepository],
})
export class PolicyRevisionsModule {}
