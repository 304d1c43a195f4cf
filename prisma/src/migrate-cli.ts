/**
 * Prepares the database that DATABASE_URL names: migrations, then the queue's schema unless REDIS_URL moves the queue
 * elsewhere, then the gateways' login if GATEWAY_DATABASE_USER and GATEWAY_DATABASE_PASSWORD are set.
 */
import { ensureGatewayLogin } from "./gateway-login.ts";
import { migrate, type MigrationProgress } from "./migrate.ts";
import { prepareQueueSchema } from "./prepare-queue-schema.ts";

const { DATABASE_URL, REDIS_URL, GATEWAY_DATABASE_USER, GATEWAY_DATABASE_PASSWORD } = process.env;

function describe(progress: MigrationProgress): string {
  if (progress.kind === "waiting") return "another process is migrating this database; waiting for it";
  if (progress.kind === "applying") return `applying ${progress.position}/${progress.of} ${progress.name}`;
  return progress.applied.length === 0 ? "the database is up to date" : `applied ${progress.applied.length} migrations`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function prepare(): Promise<void> {
  if (!DATABASE_URL) throw new Error("Set DATABASE_URL to the connection string of the database's owner.");
  await migrate({ connectionString: DATABASE_URL, onProgress: (progress) => say(describe(progress)) });
  if (!REDIS_URL) {
    await prepareQueueSchema(DATABASE_URL);
    say("the queue's schema is ready");
  }
  if (GATEWAY_DATABASE_USER && GATEWAY_DATABASE_PASSWORD) {
    await ensureGatewayLogin(DATABASE_URL, { roleName: GATEWAY_DATABASE_USER, password: GATEWAY_DATABASE_PASSWORD });
    say(`gateways may log in as ${GATEWAY_DATABASE_USER}`);
  }
}

try {
  await prepare();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
