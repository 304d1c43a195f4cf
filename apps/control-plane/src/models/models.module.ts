import { Module } from "@nestjs/common";
import { ProviderConnectionsModule } from "../provider-connections/provider-connections.module.ts";
import { ModelRepository } from "./model.repository.ts";
import { ModelsController } from "./models.controller.ts";
import { ModelsService } from "./models.service.ts";

@Module({
  imports: [ProviderConnectionsModule],
  controllers: [ModelsController],
  providers: [ModelRepository, ModelsService],
  exports: [ModelRepository, ModelsService],
})
export class ModelsModule {}
