import { Injectable } from "@nestjs/common";
import type { JobHandler } from "../queue/job-handler.ts";
import { RetentionOptions } from "../retention/maintain-partitions.processor.ts";
import { FeedbackRepository } from "./feedback.repository.ts";

/** Counts what applications said of answers, and forgets it when the calls are forgotten. */
@Injectable()
export class CountFeedbackProcessor implements JobHandler<"count-feedback"> {
  readonly job = "count-feedback";

  constructor(
    private readonly repository: FeedbackRepository,
    private readonly options: RetentionOptions,
  ) {}

  async run(): Promise<void> {
    await this.repository.count();
    while (await this.repository.drop(this.options.requestRetentionDays));
  }
}
