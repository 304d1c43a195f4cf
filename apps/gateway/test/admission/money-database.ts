/** A PostgreSQL server as production has it, with quotas of the test's own and any number of gateway processes on it. */
import { randomUUID } from "node:crypto";
import { quotaSchema, type Quota } from "@switchyard/metering/quota";
import type { EmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { prepareDatabase } from "@switchyard/local-stack/stack/prepare-database";
import pg from "pg";
import { DatabaseReachability } from "../../src/admission/database-reachability.ts";
import { GatewayHeartbeat } from "../../src/admission/gateway-heartbeat.ts";
import { openHeartbeatConnection } from "../../src/admission/heartbeat-connection.repository.ts";
import { LeaseRepository } from "../../src/admission/lease.repository.ts";
import { defaultMemberEviction, type MemberEvictionOptions } from "../../src/admission/member-eviction.ts";
import { QuotaLeases } from "../../src/admission/quota-leases.ts";

const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

const noMetrics = { countAnswer: () => undefined };

/** The lease side of one gateway process. */
export interface LeasingGateway {
  readonly bootId: string;
  readonly gatewayId: string;
  readonly leases: QuotaLeases;
  readonly reachability: DatabaseReachability;
  readonly heartbeat: GatewayHeartbeat;
  readonly repository: LeaseRepository;
  /** As SIGTERM ends it: everything is given back. */
  stop(): Promise<void>;
  /** As kill -9 ends it: the database hears nothing more. */
  drop(): Promise<void>;
}

export class MoneyDatabase {
  readonly server: EmbeddedDatabase;
  readonly ownerUrl: string;
  readonly gatewayUrl: string;
  readonly owner: pg.Pool;

  private constructor(server: EmbeddedDatabase, gatewayUrl: string) {
    this.server = server;
    this.ownerUrl = server.connectionString;
    this.gatewayUrl = gatewayUrl;
    this.owner = new pg.Pool({ connectionString: this.ownerUrl, max: 4 });
    this.owner.on("error", () => undefined);
  }

  static async start(options: { durable?: boolean } = {}): Promise<MoneyDatabase> {
    const server = await startMigratedDatabase(options);
    const access = await prepareDatabase(server.connectionString, "gateway-password-of-tests", { usesRedis: false });
    return new MoneyDatabase(server, access.gatewayDatabaseUrl);
  }

  async stop(): Promise<void> {
    await this.owner.end();
    await this.server.stop();
  }

  async addQuota(limit: bigint, more: Partial<Quota> = {}): Promise<Quota> {
    const quotaId = randomUUID();
    const quota = quotaSchema.parse({
      quotaId,
      name: `quota ${quotaId}`,
      unit: "pico_usd",
      period: "total",
      timeZone: "UTC",
      limit: limit.toString(),
      mode: "hard",
      whenShort: "refuse",
      scopeType: "team",
      scopeId: "team",
      ...more,
    });
    await this.owner.query(
      `INSERT INTO quota (id, name, unit, period, time_zone, limit_amount, mode, when_short, scope_type, scope_id,
         each_of)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        quotaId,
        quota.name,
        quota.unit,
        quota.period,
        quota.timeZone,
        quota.limit,
        quota.mode,
        quota.whenShort,
        quota.scopeType,
        quota.scopeId,
        quota.eachOf ?? null,
      ],
    );
    return quota;
  }

  /** What the database counts against a quota, over all of its windows. */
  async committed(quota: Quota): Promise<{ settled: bigint; leased: bigint; unreconciled: bigint; overrun: bigint }> {
    const { rows } = await this.owner.query<Record<"settled" | "leased" | "unreconciled" | "overrun", string>>(
      `SELECT coalesce(sum(settled), 0)::text AS settled, coalesce(sum(leased), 0)::text AS leased,
         coalesce(sum(unreconciled), 0)::text AS unreconciled, coalesce(sum(overrun), 0)::text AS overrun
       FROM quota_window WHERE quota_id = $1`,
      [quota.quotaId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("no sums");
    return {
      settled: BigInt(row.settled),
      leased: BigInt(row.leased),
      unreconciled: BigInt(row.unreconciled),
      overrun: BigInt(row.overrun),
    };
  }

  async startGateway(
    gatewayId: string = randomUUID(),
    memberEviction: MemberEvictionOptions = defaultMemberEviction,
  ): Promise<LeasingGateway> {
    const bootId = randomUUID();
    const identity = { gatewayId, bootId, region: null, startedAtMs: Date.now() };
    const reachability = new DatabaseReachability(1);
    const repository = new LeaseRepository({ identity, databaseUrl: this.gatewayUrl, logger: silentLog });
    const leases = new QuotaLeases({
      database: repository,
      reachability,
      logger: silentLog,
      metrics: noMetrics,
      memberEviction,
    });
    const heartbeat = new GatewayHeartbeat({
      identity,
      reachability,
      logger: silentLog,
      retryMs: 50,
      open: (onRecall) => openHeartbeatConnection(this.gatewayUrl, onRecall),
      onRecall: ({ quotaId, windowStartMs, recall }) => leases.answerRecall(quotaId, windowStartMs, recall),
      onReconnect: () => leases.answerAllRecalls(),
    });
    await heartbeat.start();
    const drop = async (): Promise<void> => {
      reachability.reportFailure();
      await heartbeat.stop();
      await repository.close();
    };
    const stop = async (): Promise<void> => {
      await leases.returnEverything();
      await heartbeat.stop();
      await repository.close();
    };
    return { bootId, gatewayId, leases, reachability, heartbeat, repository, stop, drop };
  }
}
