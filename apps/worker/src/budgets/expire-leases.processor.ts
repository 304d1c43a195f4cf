import { Inject, Injectable } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { loggerToken } from "../logging.ts";
import type { JobHandler } from "../queue/job-handler.ts";
import { LeaseExpiryRepository } from "./lease-expiry.repository.ts";

/** Long enough that a gateway cut off from the database for a while keeps its leases (fault F-01 is ten minutes). */
const staleAfter = "15 minutes";
const memberWindowsKeptFor = "100 days";

@Injectable()
export class ExpireLeasesProcessor implements JobHandler<"expire-leases"> {
  readonly job = "expire-leases";

  constructor(
    private readonly repository: LeaseExpiryRepository,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    const expired = await this.repository.expireLeases(staleAfter);
    if (expired.lost > 0) this.logger.warn({ ...expired }, "leases of lost gateway processes are unreconciled now");
    await this.repository.forgetMemberWindows(memberWindowsKeptFor);
  }
}
