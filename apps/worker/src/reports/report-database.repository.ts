import type { OnApplicationShutdown } from "@nestjs/common";
import type { Pool } from "pg";

/** Connections that may ask for as long as a month of roll-ups takes; nobody waits for them. */
export class ReportDatabase implements OnApplicationShutdown {
  constructor(readonly pool: Pool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
