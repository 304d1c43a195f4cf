import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

export interface LeaseExpiry {
  /** Leases of lost processes: what they held is unreconciled now. */
  readonly lost: number;
  readonly freed: number;
  readonly closed: number;
}

@Injectable()
export class LeaseExpiryRepository {
  constructor(private readonly pool: Pool) {}

  /** Moves what lost processes still hold to `unreconciled`; their journal settles it if it ever comes back. */
  async expireLeases(staleAfter: string): Promise<LeaseExpiry> {
    const { rows } = await this.pool.query("SELECT * FROM quota_expire_leases($1::interval)", [staleAfter]);
    const counts = rows[0];
    return { lost: counts?.lost_leases ?? 0, freed: counts?.freed_leases ?? 0, closed: counts?.closed_leases ?? 0 };
  }

  /** Windows of users and sessions that ended this long ago: none of them can be spent from or corrected by hand any more. */
  async forgetMemberWindows(olderThan: string): Promise<void> {
    await this.pool.query("SELECT quota_forget_member_windows($1::interval)", [olderThan]);
  }
}
