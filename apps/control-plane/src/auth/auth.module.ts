import { Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import type { Logger } from "@switchyard/telemetry/logger";
import { Database } from "../database/database.ts";
import { ControlPlaneEnv } from "../env.ts";
import { loggerToken } from "../logging.ts";
import { AccessGuard } from "./access.guard.ts";
import { AdminOrigins } from "./admin-origins.ts";
import { authenticationToken, createAuthentication } from "./authentication.ts";
import { AuthenticationRoutes } from "./authentication.routes.ts";
import { IdentityRepository } from "./identity.repository.ts";
import { IdentityService } from "./identity.service.ts";

@Module({
  providers: [
    AdminOrigins,
    AuthenticationRoutes,
    IdentityRepository,
    IdentityService,
    {
      provide: authenticationToken,
      inject: [Database, ControlPlaneEnv, loggerToken, AdminOrigins],
      useFactory: (database: Database, env: ControlPlaneEnv, logger: Logger, origins: AdminOrigins) =>
        createAuthentication({ database, env, logger, trustedOrigins: () => origins.list() }),
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class AuthModule {}
