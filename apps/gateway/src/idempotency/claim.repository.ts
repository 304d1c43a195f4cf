import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";

/** What the database knows of a key. */
export interface StoredClaim {
  readonly requestId: string;
  readonly requestDigest: string;
  readonly state: "running" | "answered" | "failed" | "lost";
  readonly errorCode: string | null;
  readonly contentType: string | null;
  readonly sealedAnswer: Buffer | null;
}

/** How a claim is closed. */
export interface ClaimEnd {
  readonly claimKey: Buffer;
  readonly requestId: string;
  /** Null frees the key. */
  readonly outcome: {
    readonly state: "answered" | "failed";
    readonly errorCode: string | null;
    readonly contentType: string | null;
    readonly sealedAnswer: Buffer | null;
  } | null;
}

/** Keeps claims where every process of the fleet sees them. */
export interface ClaimStore {
  /** Takes the key for this request unless it is taken; null where it was freed at that moment. Throws while the database is away. */
  take(claimKey: Buffer, requestId: string, requestDigest: string): Promise<StoredClaim | null>;
  look(claimKeys: readonly Buffer[]): Promise<ReadonlyMap<string, StoredClaim>>;
  end(end: ClaimEnd): Promise<void>;
}

interface ClaimRow {
  claim_key: Buffer;
  request_id: string;
  request_digest: string;
  state: StoredClaim["state"];
  error_code: string | null;
  content_type: string | null;
  sealed_answer: Buffer | null;
}

/** Connections of its own: a call without a key never waits for them. */
export class ClaimRepository implements ClaimStore {
  readonly #pool: pg.Pool;
  readonly #identity: GatewayProcessIdentity;

  constructor(connectionString: string, identity: GatewayProcessIdentity, logger: Pick<Logger, "debug">) {
    this.#identity = identity;
    this.#pool = new pg.Pool({
      connectionString,
      application_name: "switchyard-gateway-idempotency",
      max: 4,
      connectionTimeoutMillis: 1_000,
      statement_timeout: 2_000,
      query_timeout: 2_500,
      keepAlive: true,
    });
    // Without a listener, an idle connection that breaks when the database restarts would end the process.
    this.#pool.on("error", (error) => logger.debug({ err: error }, "an idle idempotency connection was lost"));
  }

  async take(claimKey: Buffer, requestId: string, requestDigest: string): Promise<StoredClaim | null> {
    const { gatewayId, bootId } = this.#identity;
    const { rows } = await this.#pool.query<ClaimRow>("SELECT * FROM idempotency_take($1, $2, $3, $4, $5)", [
      claimKey,
      requestId,
      gatewayId,
      bootId,
      requestDigest,
    ]);
    return rows[0] === undefined ? null : storedClaim(rows[0]);
  }

  async look(claimKeys: readonly Buffer[]): Promise<ReadonlyMap<string, StoredClaim>> {
    const { rows } = await this.#pool.query<ClaimRow>("SELECT * FROM idempotency_look($1)", [claimKeys]);
    return new Map(rows.map((row) => [row.claim_key.toString("hex"), storedClaim(row)]));
  }

  async end({ claimKey, requestId, outcome }: ClaimEnd): Promise<void> {
    if (outcome === null) {
      await this.#pool.query("SELECT idempotency_free($1, $2)", [claimKey, requestId]);
      return;
    }
    const { state, errorCode, contentType, sealedAnswer } = outcome;
    const values = [claimKey, requestId, state, errorCode, contentType, sealedAnswer];
    await this.#pool.query("SELECT idempotency_end($1, $2, $3, $4, $5, $6)", values);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function storedClaim(row: ClaimRow): StoredClaim {
  return {
    requestId: row.request_id,
    requestDigest: row.request_digest,
    state: row.state,
    errorCode: row.error_code,
    contentType: row.content_type,
    sealedAnswer: row.sealed_answer,
  };
}
