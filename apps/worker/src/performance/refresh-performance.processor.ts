import { Injectable } from "@nestjs/common";
import type { JobHandler } from "../queue/job-handler.ts";
import { PerformanceFactsRepository } from "./performance-facts.repository.ts";

@Injectable()
export class RefreshPerformanceProcessor implements JobHandler<"refresh-performance"> {
  readonly job = "refresh-performance";

  constructor(private readonly facts: PerformanceFactsRepository) {}

  async run(): Promise<void> {
    await this.facts.refresh();
  }
}
