import { Module } from "@nestjs/common";
import { ConnectionTester } from "./connection-tester.ts";
import { ProviderConnectionRepository } from "./provider-connection.repository.ts";
import { ProviderConnectionsController } from "./provider-connections.controller.ts";
import { ProviderConnectionsService } from "./provider-connections.service.ts";

@Module({
  controllers: [ProviderConnectionsController],
  providers: [ConnectionTester, ProviderConnectionRepository, ProviderConnectionsService],
  exports: [ProviderConnectionRepository, ProviderConnectionsService],
})
export class ProviderConnectionsModule {}
