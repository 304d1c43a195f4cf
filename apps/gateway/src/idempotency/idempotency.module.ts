import { Injectable, Module, type OnApplicationShutdown } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";
import type { Env } from "../env.ts";
import { ENV, IDENTITY, LOGGER } from "../env.module.ts";
import { ClaimEnds } from "./claim-ends.ts";
import { ClaimRepository } from "./claim.repository.ts";
import { ClaimWatch } from "./claim-watch.ts";
import { IdempotencyClaims } from "./idempotency-claims.ts";

const flushMs = 2_000;

@Injectable()
class ClaimConnections implements OnApplicationShutdown {
  constructor(
    private readonly ends: ClaimEnds,
    private readonly repository: ClaimRepository,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.ends.flush(flushMs);
    await this.repository.close();
  }
}

@Module({
  providers: [
    {
      provide: ClaimRepository,
      useFactory: (env: Env, identity: GatewayProcessIdentity, logger: Logger) =>
        new ClaimRepository(env.GATEWAY_DATABASE_URL, identity, logger),
      inject: [ENV, IDENTITY, LOGGER],
    },
    {
      provide: ClaimEnds,
      useFactory: (repository: ClaimRepository, logger: Logger) => new ClaimEnds(repository, logger),
      inject: [ClaimRepository, LOGGER],
    },
    {
      provide: IdempotencyClaims,
      useFactory: (env: Env, repository: ClaimRepository, ends: ClaimEnds) =>
        new IdempotencyClaims(env.masterKeyring, repository, ends, new ClaimWatch(repository)),
      inject: [ENV, ClaimRepository, ClaimEnds],
    },
    ClaimConnections,
  ],
  exports: [IdempotencyClaims],
})
export class IdempotencyModule {}
