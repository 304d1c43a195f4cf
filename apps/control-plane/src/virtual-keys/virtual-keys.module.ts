import { Module } from "@nestjs/common";
import { ProjectsModule } from "../projects/projects.module.ts";
import { ProviderConnectionsModule } from "../provider-connections/provider-connections.module.ts";
import { RoutesModule } from "../routes/routes.module.ts";
import { VirtualKeyRepository } from "./virtual-key.repository.ts";
import { VirtualKeysController } from "./virtual-keys.controller.ts";
import { VirtualKeysService } from "./virtual-keys.service.ts";

@Module({
  imports: [ProjectsModule, ProviderConnectionsModule, RoutesModule],
  controllers: [VirtualKeysController],
  providers: [VirtualKeyRepository, VirtualKeysService],
  exports: [VirtualKeysService],
})
export class VirtualKeysModule {}
