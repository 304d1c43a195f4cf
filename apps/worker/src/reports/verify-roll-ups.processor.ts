import { Inject, Injectable } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { WorkerMetrics } from "../health/worker-metrics.ts";
import { loggerToken } from "../logging.ts";
import type { JobHandler } from "../queue/job-handler.ts";
import { RetentionOptions } from "../retention/maintain-partitions.processor.ts";
import { ClosedDayRepository } from "./closed-day.repository.ts";
import { VerifyRollUpsRepository } from "./verify-roll-ups.repository.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const hoursLookedAt = 48;

/**
 * Recomputes the newest hours from the ledger, every other roll-up of theirs from the finest, and of the days that are over one
 * after the other from their rows, and says so loudly if a roll-up ever differs.
 */
@Injectable()
export class VerifyRollUpsProcessor implements JobHandler<"verify-roll-ups"> {
  readonly job = "verify-roll-ups";

  constructor(
    private readonly repository: VerifyRollUpsRepository,
    private readonly closedDays: ClosedDayRepository,
    private readonly retention: RetentionOptions,
    private readonly metrics: WorkerMetrics,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    const thisHour = Math.floor(Date.now() / hourMs) * hourMs;
    const today = Math.floor(Date.now() / dayMs) * dayMs;
    const drifted = await this.repository.findDrift(new Date(thisHour - hoursLookedAt * hourMs));
    const driftedDays = await this.repository.findDriftedDays(new Date(today - hoursLookedAt * hourMs));
    const differences = await this.#checkClosedDay();
    this.metrics.rollUpDrift(drifted.length + driftedDays.length + differences);
    for (const hour of drifted) this.logger.error({ ...hour }, "roll-ups and ledger differ");
    for (const day of driftedDays) this.logger.error({ ...day }, "roll-ups differ");
  }

  /** Answers how many of its roll-ups differ. */
  async #checkClosedDay(): Promise<number> {
    const day = await this.closedDays.next(new Date());
    if (day === null) return 0;
    // The log of the last day that is kept may be on its way out.
    const isLogKept = Date.parse(day) > Date.now() - (this.retention.requestRetentionDays - 1) * dayMs;
    const differences = await this.closedDays.check(day, isLogKept);
    for (const difference of differences)
      this.logger.error({ day, ...difference }, "a closed day's roll-ups and rows differ");
    return differences.length;
  }
}
