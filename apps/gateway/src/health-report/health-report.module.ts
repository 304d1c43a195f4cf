import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import type { ProcessResources } from "../env.module.ts";
import { HealthMap } from "../routing/health-map.ts";
import { RoutingModule } from "../routing/routing.module.ts";
import { HealthReportRepository } from "./health-report.repository.ts";
import { HealthReporter } from "./health-reporter.ts";
import { OthersHealth } from "./others-health.ts";

@Module({})
export class HealthReportModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(HealthReporter) private readonly reporter: HealthReporter,
    @Inject(OthersHealth) private readonly others: OthersHealth,
    @Inject(HealthReportRepository) private readonly reports: HealthReportRepository,
  ) {}

  static with({ env, identity, logger }: ProcessResources) {
    return {
      module: HealthReportModule,
      imports: [RoutingModule],
      providers: [
        {
          provide: HealthReportRepository,
          useFactory: () => new HealthReportRepository(env.GATEWAY_DATABASE_URL, identity, logger),
        },
        {
          provide: HealthReporter,
          useFactory: (health: HealthMap, reports: HealthReportRepository) =>
            new HealthReporter(health, reports, logger),
          inject: [HealthMap, HealthReportRepository],
        },
        {
          provide: OthersHealth,
          useFactory: (health: HealthMap, reports: HealthReportRepository) => new OthersHealth(health, reports, logger),
          inject: [HealthMap, HealthReportRepository],
        },
      ],
    };
  }

  onModuleInit(): void {
    this.reporter.start();
    this.others.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.reporter.stop(), this.others.stop()]);
    await this.reports.close();
  }
}
