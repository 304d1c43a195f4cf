import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().optional(),
  SWITCHYARD_MASTER_KEY: z.string().min(1),
  SWITCHYARD_LOCAL: z.stringbool().default(false),
  SWITCHYARD_LIFELINE: z.enum(["stdin"]).optional(),
  WORKER_HOST: z.string().default("127.0.0.1"),
  WORKER_PORT: z.coerce.number().int().min(0).max(65_535).default(8082),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
  /** Where alerts are mailed through, from whom and to whom (separated by commas). */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  ALERT_MAIL_FROM: z.string().min(3).default("switchyard@localhost"),
  ALERT_MAIL_TO: z.string().default(""),
  REQUEST_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
});

export interface WorkerEnv {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly masterKey: string;
  readonly isLocal: boolean;
  readonly lifeline: "stdin" | null;
  readonly host: string;
  readonly port: number;
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error";
  readonly requestRetentionDays: number;
  readonly smtpUrl: string | null;
  readonly alertMailFrom: string;
  readonly alertMailTo: readonly string[];
}

/** The only reader of process.env. Throws one readable line that names every variable that is wrong. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): WorkerEnv {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`the worker's environment is not usable: ${problems.join("; ")}`);
  }
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL || null,
    masterKey: env.SWITCHYARD_MASTER_KEY,
    isLocal: env.SWITCHYARD_LOCAL,
    lifeline: env.SWITCHYARD_LIFELINE ?? null,
    host: env.WORKER_HOST,
    port: env.WORKER_PORT,
    logLevel: env.LOG_LEVEL,
    requestRetentionDays: env.REQUEST_RETENTION_DAYS,
    smtpUrl: env.SMTP_URL || null,
    alertMailFrom: env.ALERT_MAIL_FROM,
    alertMailTo: env.ALERT_MAIL_TO.split(",").flatMap((address) => address.trim() || []),
  };
}
