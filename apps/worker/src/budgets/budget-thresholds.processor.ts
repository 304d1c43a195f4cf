import { Inject, Injectable } from "@nestjs/common";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import type { Logger } from "@switchyard/telemetry/logger";
import { loggerToken } from "../logging.ts";
import type { JobHandler } from "../queue/job-handler.ts";
import { JobQueue } from "../queue/job-queue.ts";
import { BudgetThresholdsRepository } from "./budget-thresholds.repository.ts";

@Injectable()
export class BudgetThresholdsProcessor implements JobHandler<"evaluate-budget-thresholds"> {
  readonly job = "evaluate-budget-thresholds";

  constructor(
    private readonly repository: BudgetThresholdsRepository,
    private readonly queue: JobQueue,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    for (const alert of await this.repository.raiseAlerts()) {
      this.logger.warn(
        {
          alertId: alert.alertId,
          budget: alert.budgetName,
          thresholdPct: alert.thresholdPct,
          usedUsd: formatUsd(parsePicoUsd(alert.usedPicoUsd), 2),
          limitUsd: formatUsd(parsePicoUsd(alert.limitPicoUsd), 2),
        },
        "budget passed a threshold",
      );
    }
    for (const alertId of await this.repository.undeliveredAlertIds()) {
      await this.queue.enqueue("deliver-alert", { alertId }, alertId);
    }
  }
}
