import { Injectable } from "@nestjs/common";
import type { JobHandler } from "../queue/job-handler.ts";
import { TeamCostReportsRepository } from "./team-cost-reports.repository.ts";

const dayMs = 86_400_000;

@Injectable()
export class TeamCostReportsProcessor implements JobHandler<"compile-team-cost-reports"> {
  readonly job = "compile-team-cost-reports";

  constructor(private readonly repository: TeamCostReportsRepository) {}

  async run(): Promise<void> {
    const today = Math.floor(Date.now() / dayMs) * dayMs;
    await this.repository.compileSince(new Date(today - dayMs));
  }
}
