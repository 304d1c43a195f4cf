/** The only reader of process.env: parsed once at boot, handed on as plain options. */
import { availableParallelism } from "node:os";
import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { parseMasterKeyring, WeakMasterKeyError, type MasterKeyring } from "@switchyard/secrets/master-key";
import { z } from "zod";

const mebibyte = 1024 * 1024;
const whole = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);
const flag = z
  .enum(["0", "1", "false", "true"])
  .default("0")
  .transform((value) => value === "1" || value === "true");

/** Network ranges in CIDR notation, separated by commas: private addresses that provider connections may use. */
const cidrList = z
  .string()
  .default("")
  .transform((list) =>
    list
      .split(",")
      .map((range) => range.trim())
      .filter((range) => range !== ""),
  )
  .refine(isRangeList, "must be a list of CIDR ranges");

function isRangeList(allowedRanges: readonly string[]): boolean {
  try {
    return createAddressPolicy({ allowLoopback: false, allowedRanges }) !== null;
  } catch {
    return false;
  }
}

const schema = z.object({
  GATEWAY_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  SWITCHYARD_MASTER_KEY: z.string().default(""),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  SWITCHYARD_LOCAL: flag,
  SWITCHYARD_LIFELINE: z.enum(["stdin"]).optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),

  GATEWAY_HOST: z.string().min(1).default("127.0.0.1"),
  GATEWAY_PORT: whole(8080, 0, 65_535),
  GATEWAY_PROCESSES: whole(availableParallelism(), 1, 512),
  GATEWAY_STATE_DIR: z.string().min(1).default(".switchyard/gateway"),
  GATEWAY_REGION: z.string().min(1).max(60).optional(),
  /** Both set by the fleet for its workers: which seat this process has, and the name that leases and holds go by. */
  GATEWAY_SLOT: whole(0, 0, 511),
  GATEWAY_ID: z.string().min(1).max(100).default("gateway-0"),

  GATEWAY_BODY_LIMIT_BYTES: whole(8 * mebibyte, 1024, 64 * mebibyte),
  /** For bodies that hold a file. */
  GATEWAY_UPLOAD_LIMIT_BYTES: whole(26 * mebibyte, 1024, 64 * mebibyte),
  GATEWAY_BODY_BYTES_IN_FLIGHT: whole(512 * mebibyte, mebibyte, 64 * 1024 * mebibyte),
  GATEWAY_MAX_CALLS: whole(5_000, 1, 100_000),
  GATEWAY_RESPONSE_CACHE_BYTES: whole(64 * mebibyte, 0, 16 * 1024 * mebibyte),
  GATEWAY_ALLOWED_PRIVATE_RANGES: cidrList,
  /** How long a stopping process goes on accepting while `/readyz` already tells load balancers to leave. */
  GATEWAY_DRAIN_DELAY_MS: z.coerce.number().int().min(0).max(120_000).optional(),
  GATEWAY_DRAIN_TIMEOUT_MS: whole(600_000, 100, 3_600_000),
  /** How long it then waits for the ledger to have everything; what it has not stays in the journal for the next start. */
  GATEWAY_FLUSH_TIMEOUT_MS: z.coerce.number().int().min(0).max(120_000).optional(),
});

type Settings = z.infer<typeof schema>;

export interface Env extends Omit<
  Settings,
  "SWITCHYARD_MASTER_KEY" | "GATEWAY_DRAIN_DELAY_MS" | "GATEWAY_FLUSH_TIMEOUT_MS"
> {
  readonly masterKeyring: MasterKeyring;
  readonly GATEWAY_DRAIN_DELAY_MS: number;
  readonly GATEWAY_FLUSH_TIMEOUT_MS: number;
}

/** Why this process must not start; `message` is one line for the operator and quotes no value. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  // An empty variable is an unset one: compose files and shells cannot always leave a name out.
  const set = Object.entries(source).filter(([, value]) => value !== undefined && value !== "");
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new EnvError(`cannot start: ${problems.join("; ")}`);
  }
  const { SWITCHYARD_MASTER_KEY: masterKey, ...settings } = parsed.data;
  return {
    ...settings,
    masterKeyring: readMasterKeyring(masterKey),
    // In local mode somebody waits at a terminal.
    GATEWAY_DRAIN_DELAY_MS: settings.GATEWAY_DRAIN_DELAY_MS ?? (settings.SWITCHYARD_LOCAL ? 0 : 5_000),
    GATEWAY_FLUSH_TIMEOUT_MS: settings.GATEWAY_FLUSH_TIMEOUT_MS ?? (settings.SWITCHYARD_LOCAL ? 2_000 : 10_000),
  };
}

function readMasterKeyring(text: string): MasterKeyring {
  try {
    return parseMasterKeyring(text);
  } catch (error) {
    if (error instanceof WeakMasterKeyError)
      throw new EnvError(`cannot start: SWITCHYARD_MASTER_KEY: ${error.message}`);
    throw error;
  }
}
