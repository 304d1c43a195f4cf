import { Inject, Injectable } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { WorkerMetrics } from "../health/worker-metrics.ts";
import { loggerToken } from "../logging.ts";
import type { JobHandler } from "../queue/job-handler.ts";
import { VerifyRollUpsRepository } from "./verify-roll-ups.repository.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const hoursLookedAt = 48;

/** Recomputes the newest hours from the ledger, and every other roll-up from the finest, and says so loudly if one ever differs. */
@Injectable()
export class VerifyRollUpsProcessor implements JobHandler<"verify-roll-ups"> {
  readonly job = "verify-roll-ups";

  constructor(
    private readonly repository: VerifyRollUpsRepository,
    private readonly metrics: WorkerMetrics,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    const thisHour = Math.floor(Date.now() / hourMs) * hourMs;
    const today = Math.floor(Date.now() / dayMs) * dayMs;
    const drifted = await this.repository.findDrift(new Date(thisHour - hoursLookedAt * hourMs));
    const driftedDays = await this.repository.findDriftedDays(new Date(today - hoursLookedAt * hourMs));
    this.metrics.rollUpDrift(drifted.length + driftedDays.length);
    for (const hour of drifted) this.logger.error({ ...hour }, "roll-ups and ledger differ");
    for (const day of driftedDays) this.logger.error({ ...day }, "roll-ups differ");
  }
}
