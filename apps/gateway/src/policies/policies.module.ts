import { join } from "node:path";
import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { Env } from "../env.ts";
import { ENV, LOGGER, METRICS } from "../env.module.ts";
import { LastGoodSnapshot } from "./last-good-snapshot.ts";
import { PolicyAnnouncements } from "./policy-announcements.repository.ts";
import { PolicyLoaderRepository } from "./policy-loader.repository.ts";
import { PolicyRefresher } from "./policy.refresher.ts";
import { PolicyStore } from "./policy.store.ts";

const pollEveryMs = 2_000;
const bootPatienceMs = 1_500;

@Module({
  providers: [
    { provide: PolicyStore, useFactory: createStore, inject: [METRICS] },
    {
      provide: PolicyLoaderRepository,
      useFactory: (env: Env, logger: Logger) => new PolicyLoaderRepository(env.GATEWAY_DATABASE_URL, logger),
      inject: [ENV, LOGGER],
    },
    {
      provide: PolicyRefresher,
      useFactory: createRefresher,
      inject: [PolicyStore, PolicyLoaderRepository, ENV, LOGGER, METRICS],
    },
  ],
  exports: [PolicyStore],
})
export class PoliciesModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(PolicyRefresher) private readonly refresher: PolicyRefresher,
    @Inject(PolicyLoaderRepository) private readonly loader: PolicyLoaderRepository,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresher.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.refresher.stop();
    await this.loader.close();
  }
}

function createStore(metrics: Metrics): PolicyStore {
  const store = new PolicyStore();
  metrics
    .gauge("switchyard_policy_revision")
    .with()
    .readFrom(() => store.current?.number ?? 0);
  metrics
    .gauge("switchyard_policy_snapshot_age_seconds")
    .with()
    .readFrom(() => (Date.now() - (store.confirmedAtMs ?? performance.timeOrigin)) / 1000);
  return store;
}

function createRefresher(
  store: PolicyStore,
  loader: PolicyLoaderRepository,
  env: Env,
  logger: Logger,
  metrics: Metrics,
): PolicyRefresher {
  const refused = metrics.counter("switchyard_policy_rejected_total").with();
  return new PolicyRefresher(
    store,
    loader,
    new LastGoodSnapshot(join(env.GATEWAY_STATE_DIR, "policy-snapshot.json")),
    new PolicyAnnouncements(env.GATEWAY_DATABASE_URL, logger),
    logger,
    { pollEveryMs, bootPatienceMs, onRefused: () => refused.inc() },
  );
}
