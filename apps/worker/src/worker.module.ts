import { Module, type DynamicModule } from "@nestjs/common";
import { createConnectionPool } from "@switchyard/database/client";
import { parseMasterKeyring } from "@switchyard/secrets/master-key";
import { createLogger, type Logger } from "@switchyard/telemetry/logger";
import { Pool } from "pg";
import { AlertQueue } from "./alerts/alert-queue.ts";
import { AlertRepository } from "./alerts/alert.repository.ts";
import { AlertSecrets, DeliverAlertProcessor } from "./alerts/deliver-alert.processor.ts";
import { MailSender } from "./alerts/mail-sender.ts";
import { WebhookSender } from "./alerts/webhook-sender.ts";
import { BudgetThresholdsProcessor } from "./budgets/budget-thresholds.processor.ts";
import { BudgetThresholdsRepository } from "./budgets/budget-thresholds.repository.ts";
import { ExpireLeasesProcessor } from "./budgets/expire-leases.processor.ts";
import { LeaseExpiryRepository } from "./budgets/lease-expiry.repository.ts";
import type { WorkerEnv } from "./env.ts";
import { DatabaseHealthRepository } from "./health/database-health.repository.ts";
import { CountFeedbackProcessor } from "./feedback/count-feedback.processor.ts";
import { FeedbackRepository } from "./feedback/feedback.repository.ts";
import { HealthServer, HealthServerOptions } from "./health/health-server.service.ts";
import { WorkerMetrics } from "./health/worker-metrics.ts";
import { loggerToken } from "./logging.ts";
import { jobHandlersToken, type JobHandler } from "./queue/job-handler.ts";
import { JobRunner } from "./queue/job-runner.service.ts";
import { PerformanceFactsRepository } from "./performance/performance-facts.repository.ts";
import { RefreshPerformanceProcessor } from "./performance/refresh-performance.processor.ts";
import { QueueBackend } from "./queue/queue-backend.ts";
import { TeamCostReportsProcessor } from "./reports/team-cost-reports.processor.ts";
import { TeamCostReportsRepository } from "./reports/team-cost-reports.repository.ts";
import { VerifyRollUpsProcessor } from "./reports/verify-roll-ups.processor.ts";
import { VerifyRollUpsRepository } from "./reports/verify-roll-ups.repository.ts";
import { ForgetIdempotentCallsProcessor } from "./retention/forget-idempotent-calls.processor.ts";
import { IdempotentCallRepository } from "./retention/idempotent-call.repository.ts";
import { MaintainPartitionsProcessor, RetentionOptions } from "./retention/maintain-partitions.processor.ts";
import { PartitionRepository } from "./retention/partition.repository.ts";
import { UsageIngestionProcessor } from "./usage-ingestion/usage-ingestion.processor.ts";
import { UsageIngestionRepository } from "./usage-ingestion/usage-ingestion.repository.ts";

/** One handler a row of the job catalogue; the runner refuses to start if they do not match. */
const handlers = [
  UsageIngestionProcessor,
  CountFeedbackProcessor,
  RefreshPerformanceProcessor,
  BudgetThresholdsProcessor,
  ExpireLeasesProcessor,
  DeliverAlertProcessor,
  TeamCostReportsProcessor,
  VerifyRollUpsProcessor,
  MaintainPartitionsProcessor,
  ForgetIdempotentCallsProcessor,
];

const alertTimeoutMs = 5_000;

@Module({})
export class WorkerModule {
  static for(env: WorkerEnv): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: loggerToken, useValue: createLogger({ service: "worker", level: env.logLevel }) },
        {
          provide: Pool,
          useFactory: () =>
            createConnectionPool({
              connectionString: env.databaseUrl,
              poolSize: 6,
              applicationName: "switchyard-worker",
            }),
        },
        {
          provide: QueueBackend,
          useFactory: (logger: Logger) =>
            new QueueBackend({
              databaseUrl: env.databaseUrl,
              redisUrl: env.redisUrl,
              onTrouble: (queue, error) => logger.warn({ queue, err: error }, "queue trouble, will reconnect"),
            }),
          inject: [loggerToken],
        },
        { provide: HealthServerOptions, useValue: new HealthServerOptions(env.host, env.port) },
        { provide: RetentionOptions, useValue: new RetentionOptions(env.requestRetentionDays) },
        { provide: AlertSecrets, useFactory: () => new AlertSecrets(parseMasterKeyring(env.masterKey)) },
        {
          provide: WebhookSender,
          useFactory: () => new WebhookSender({ allowLoopback: env.isLocal, timeoutMs: alertTimeoutMs }),
        },
        {
          provide: MailSender,
          useFactory: () =>
            new MailSender({
              smtpUrl: env.smtpUrl,
              from: env.alertMailFrom,
              to: env.alertMailTo,
              timeoutMs: alertTimeoutMs,
            }),
        },
        WorkerMetrics,
        DatabaseHealthRepository,
        UsageIngestionRepository,
        FeedbackRepository,
        PerformanceFactsRepository,
        BudgetThresholdsRepository,
        LeaseExpiryRepository,
        AlertRepository,
        AlertQueue,
        TeamCostReportsRepository,
        VerifyRollUpsRepository,
        PartitionRepository,
        IdempotentCallRepository,
        ...handlers,
        { provide: jobHandlersToken, useFactory: (...bound: JobHandler[]) => bound, inject: handlers },
        JobRunner,
        HealthServer,
      ],
    };
  }
}
