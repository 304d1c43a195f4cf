import { Injectable } from "@nestjs/common";
import type { JobHandler } from "../queue/job-handler.ts";
import { IdempotentCallRepository } from "./idempotent-call.repository.ts";

/** Drops answers that were kept for retries once their time is over, and later the memory of the calls themselves. */
@Injectable()
export class ForgetIdempotentCallsProcessor implements JobHandler<"forget-idempotent-calls"> {
  readonly job = "forget-idempotent-calls";

  constructor(private readonly repository: IdempotentCallRepository) {}

  async run(): Promise<void> {
    while (await this.repository.dropAnswers());
    while (await this.repository.dropCalls());
  }
}
