import { Module } from "@nestjs/common";
import { AdminTokenRepository } from "./admin-token.repository.ts";
import { AdminTokensController } from "./admin-tokens.controller.ts";
import { AdminTokensService } from "./admin-tokens.service.ts";

@Module({ controllers: [AdminTokensController], providers: [AdminTokenRepository, AdminTokensService] })
export class AdminTokensModule {}
