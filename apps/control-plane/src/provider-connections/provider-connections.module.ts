import { Module } from "@nestjs/common";
import { ConnectionTester } from "./connection-tester.ts";
import { ProviderCaller } from "./provider-caller.ts";
import { ProviderConnectionRepository } from "./provider-connection.repository.ts";
import { ProviderConnectionsController } from "./provider-connections.controller.ts";
import { ProviderConnectionsService } from "./provider-connections.service.ts";

@Module({
  controllers: [ProviderConnectionsController],
  providers: [ConnectionTester, ProviderCaller, ProviderConnectionRepository, ProviderConnectionsService],
  exports: [ProviderCaller, ProviderConnectionRepository, ProviderConnectionsService],
})
export class ProviderConnectionsModule {}
