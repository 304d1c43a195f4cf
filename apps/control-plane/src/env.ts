/** The only reader of process.env: parsed once at boot, handed on as one typed object. */
import { parseMasterKeyring, WeakMasterKeyError, type MasterKeyring } from "@switchyard/secrets/master-key";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const origin = z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin);

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  SWITCHYARD_MASTER_KEY: z.string().default(""),
  SWITCHYARD_LOCAL: z.stringbool().default(false),
  SWITCHYARD_LIFELINE: z.enum(["stdin"]).optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),

  ADMIN_HOST: z.string().min(1).default("127.0.0.1"),
  ADMIN_PORT: port.default(3000),
  /** Where people reach the dashboard, for example https://switchyard.example.com; loopback origins when left out. */
  ADMIN_ORIGIN: origin.optional(),
  DASHBOARD_DIR: z.string().min(1).optional(),
  /** What the dashboard shows applications to call. */
  PUBLIC_GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Private networks that provider connections may point to, as the gateway is told too. */
  GATEWAY_ALLOWED_PRIVATE_RANGES: z
    .string()
    .default("")
    .transform((list) =>
      list
        .split(",")
        .map((range) => range.trim())
        .filter((range) => range !== ""),
    ),
});

/** The settings of this process. An abstract class so that it is its own injection token. */
export abstract class ControlPlaneEnv {
  abstract readonly databaseUrl: string;
  abstract readonly redisUrl: string | null;
  abstract readonly keyring: MasterKeyring;
  abstract readonly isLocal: boolean;
  abstract readonly lifeline: "stdin" | null;
  abstract readonly logLevel: z.infer<typeof schema>["LOG_LEVEL"];
  abstract readonly host: string;
  abstract readonly port: number;
  abstract readonly adminOrigin: string | null;
  abstract readonly dashboardDir: string | null;
  abstract readonly publicGatewayUrl: string | null;
  abstract readonly allowedPrivateRanges: readonly string[];
}

/** Why this process must not start; `message` is one line for the operator and quotes no value. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): ControlPlaneEnv {
  const parsed = schema.safeParse(withoutEmpty(source));
  if (!parsed.success) throw new EnvError(`cannot start: ${describeIssues(parsed.error)}`);
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL ?? null,
    keyring: readKeyring(env.SWITCHYARD_MASTER_KEY),
    isLocal: env.SWITCHYARD_LOCAL,
    lifeline: env.SWITCHYARD_LIFELINE ?? null,
    logLevel: env.LOG_LEVEL,
    host: env.ADMIN_HOST,
    port: env.ADMIN_PORT,
    adminOrigin: env.ADMIN_ORIGIN ?? null,
    dashboardDir: env.DASHBOARD_DIR ?? null,
    publicGatewayUrl: env.PUBLIC_GATEWAY_URL ?? null,
    allowedPrivateRanges: env.GATEWAY_ALLOWED_PRIVATE_RANGES,
  };
}

const seedSchema = z.object({
  ADMIN_EMAIL: z.email().default("admin@switchyard.local"),
  SIMULATOR_URL: z.url({ protocol: /^https?$/ }).optional(),
});

/** Where a provider's own tools use another name than `<KIND>_API_KEY`. */
const apiKeyVariables: Readonly<Record<string, string>> = {
  "google-gemini": "GEMINI_API_KEY",
  qwen: "DASHSCOPE_API_KEY",
};

/** What only the first-run seed reads besides `ControlPlaneEnv`. */
export interface SeedEnv {
  readonly adminEmail: string;
  readonly simulatorUrl: string | null;
  /** The API key of every provider kind whose variable is set, by kind. */
  readonly providerApiKeys: ReadonlyMap<string, string>;
}

export function readSeedEnv(
  kinds: readonly string[],
  source: Readonly<Record<string, string | undefined>> = process.env,
): SeedEnv {
  const set = withoutEmpty(source);
  const parsed = seedSchema.safeParse(set);
  if (!parsed.success) throw new EnvError(`cannot seed: ${describeIssues(parsed.error)}`);
  const providerApiKeys = kinds.flatMap((kind): [string, string][] => {
    const apiKey = set[apiKeyVariables[kind] ?? `${kind.toUpperCase().replaceAll("-", "_")}_API_KEY`];
    return apiKey === undefined ? [] : [[kind, apiKey]];
  });
  return {
    adminEmail: parsed.data.ADMIN_EMAIL.toLowerCase(),
    simulatorUrl: parsed.data.SIMULATOR_URL ?? null,
    providerApiKeys: new Map(providerApiKeys),
  };
}

// An empty variable is an unset one: compose files and shells cannot always leave a name out.
function withoutEmpty(source: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(source).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}

function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
}

function readKeyring(text: string): MasterKeyring {
  try {
    return parseMasterKeyring(text);
  } catch (error) {
    if (error instanceof WeakMasterKeyError) {
      throw new EnvError(`cannot start: SWITCHYARD_MASTER_KEY: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
