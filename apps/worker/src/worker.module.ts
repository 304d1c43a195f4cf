import { Module, type DynamicModule } from "@nestjs/common";
import { createConnectionPool } from "@switchyard/database/client";
import { parseMasterKeyring } from "@switchyard/secrets/master-key";
import { createLogger, type Logger } from "@switchyard/telemetry/logger";
import { Pool } from "pg";
import { AlertRepository } from "./alerts/alert.repository.ts";
import { DeliverAlertProcessor } from "./alerts/deliver-alert.processor.ts";
import { MailSender } from "./alerts/mail-sender.ts";
import { AlertSecrets, WebhookOutlet } from "./alerts/webhook-outlet.ts";
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
import { ChangedMonthRepository } from "./monthly-reports/changed-month.repository.ts";
import { CompileMonthlyReportProcessor } from "./monthly-reports/compile-monthly-report.processor.ts";
import { DeliverMonthlyReportProcessor } from "./monthly-reports/deliver-monthly-report.processor.ts";
import { MonthFiguresRepository } from "./monthly-reports/month-figures.repository.ts";
import { MonthlyReportRepository } from "./monthly-reports/monthly-report.repository.ts";
import { PlanMonthlyReportsProcessor } from "./monthly-reports/plan-monthly-reports.processor.ts";
import { ReportDatabase } from "./reports/report-database.repository.ts";
import { ReportDeliveryRepository } from "./monthly-reports/report-delivery.repository.ts";
import { ReviseMonthlyReportsProcessor } from "./monthly-reports/revise-monthly-reports.processor.ts";
import { jobHandlersToken, type JobHandler } from "./queue/job-handler.ts";
import { JobQueue } from "./queue/job-queue.ts";
import { JobRunner } from "./queue/job-runner.service.ts";
import { PerformanceFactsRepository } from "./performance/performance-facts.repository.ts";
import { RefreshPerformanceProcessor } from "./performance/refresh-performance.processor.ts";
import { QueueBackend } from "./queue/queue-backend.ts";
import { ClosedDayRepository } from "./reports/closed-day.repository.ts";
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
  PlanMonthlyReportsProcessor,
  ReviseMonthlyReportsProcessor,
  CompileMonthlyReportProcessor,
  DeliverMonthlyReportProcessor,
];

const alertTimeoutMs = 5_000;
/** A month of a large team's roll-ups; nobody waits for it. */
const reportTimeoutMs = 120_000;

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
          provide: ReportDatabase,
          useFactory: () =>
            new ReportDatabase(
              createConnectionPool({
                connectionString: env.databaseUrl,
                poolSize: 2,
                applicationName: "switchyard-worker-reports",
                statementTimeoutMs: reportTimeoutMs,
              }),
            ),
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
        WebhookOutlet,
        JobQueue,
        ChangedMonthRepository,
        MonthFiguresRepository,
        MonthlyReportRepository,
        ReportDeliveryRepository,
        TeamCostReportsRepository,
        VerifyRollUpsRepository,
        ClosedDayRepository,
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
