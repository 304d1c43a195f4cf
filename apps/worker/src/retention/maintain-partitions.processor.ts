import { Inject, Injectable } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { loggerToken } from "../logging.ts";
import type { JobHandler } from "../queue/job-handler.ts";
import { PartitionRepository } from "./partition.repository.ts";

const daysAhead = 7;
/** Gateways forget a batch within minutes of its ingestion; a journal restored from a backup is the long case. */
const journalBatchRetention = "30 days";

export class RetentionOptions {
  constructor(readonly requestRetentionDays: number) {}
}

@Injectable()
export class MaintainPartitionsProcessor implements JobHandler<"maintain-partitions"> {
  readonly job = "maintain-partitions";

  constructor(
    private readonly options: RetentionOptions,
    private readonly repository: PartitionRepository,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    const actions = await this.repository.maintain(daysAhead, this.options.requestRetentionDays);
    if (actions.length > 0) this.logger.info({ actions }, "partitions maintained");
    await this.repository.forgetJournalBatches(journalBatchRetention);
  }
}
