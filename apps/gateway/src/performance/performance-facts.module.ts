import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import type { ProcessResources } from "../env.module.ts";
import { PerformanceFactsRepository } from "./performance-facts.repository.ts";
import { PerformanceModule } from "./performance.module.ts";
import { PerformancePoller } from "./performance-poller.ts";
import { TaskPerformance } from "./task-performance.ts";

@Module({})
export class PerformanceFactsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(PerformancePoller) private readonly poller: PerformancePoller,
    @Inject(PerformanceFactsRepository) private readonly facts: PerformanceFactsRepository,
  ) {}

  static with({ env, identity, logger }: ProcessResources) {
    return {
      module: PerformanceFactsModule,
      imports: [PerformanceModule],
      providers: [
        {
          provide: PerformanceFactsRepository,
          useFactory: () => new PerformanceFactsRepository(env.GATEWAY_DATABASE_URL, identity, logger),
        },
        {
          provide: PerformancePoller,
          useFactory: (performance: TaskPerformance, facts: PerformanceFactsRepository) =>
            new PerformancePoller(performance, facts, logger),
          inject: [TaskPerformance, PerformanceFactsRepository],
        },
      ],
    };
  }

  onModuleInit(): void {
    this.poller.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.facts.close();
  }
}
