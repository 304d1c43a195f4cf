/** A real control plane for one test file: embedded PostgreSQL, migrated and seeded, and the Nest app on a free port. */
import "reflect-metadata";
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Operation, Role } from "@switchyard/api-contract/operation";
import { adminTokenOperations } from "@switchyard/api-contract/access";
import { createConnectionPool } from "@switchyard/database/client";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { createLogger } from "@switchyard/telemetry/logger";
import type { Pool } from "pg";
import type { z } from "zod";
import { createApp } from "../src/create-app.ts";
import { type ControlPlaneEnv, readEnv } from "../src/env.ts";
import { runSeed } from "../src/seed/run-seed.ts";

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly problems?: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  };
}

interface CallInput<O extends Operation> {
  readonly params?: z.input<O["params"]>;
  readonly query?: z.input<O["query"]>;
  readonly body?: z.input<O["body"]>;
}

interface FirstAccess {
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly adminToken: string;
  readonly virtualKey: string;
}

export interface RunningControlPlane {
  readonly url: string;
  readonly env: ControlPlaneEnv;
  readonly access: FirstAccess;
  /** The owner's view of the database, past the application. */
  readonly pool: Pool;
  /** Everything the process logged. */
  readonly log: string[];
  /** Calls an operation with the owner's token and expects it to succeed. */
  ok<O extends Operation>(operation: O, input?: CallInput<O>, token?: string): Promise<z.output<O["response"]>>;
  /** Calls an operation and expects it to fail. */
  fails<O extends Operation>(operation: O, input: unknown, token?: string): Promise<Answer<ErrorBody>>;
  send(method: string, path: string, options?: SendOptions): Promise<Answer<unknown>>;
  tokenOf(role: Role): Promise<string>;
  stop(): Promise<void>;
}

interface SendOptions {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export interface ControlPlaneOptions {
  readonly environment?: Record<string, string>;
  readonly simulatorUrl?: string;
}

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<RunningControlPlane> {
  const masterKey = randomBytes(32).toString("base64");
  const readTestEnv = (databaseUrl: string) =>
    readEnv({
      DATABASE_URL: databaseUrl,
      SWITCHYARD_MASTER_KEY: masterKey,
      SWITCHYARD_LOCAL: "1",
      ADMIN_PORT: "0",
      ...options.environment,
    });
  const database = await startMigratedDatabase();
  const log: string[] = [];
  const logger = createLogger({
    service: "control-plane",
    level: "debug",
    destination: { write: (line) => void log.push(line) },
  });
  const env = readTestEnv(database.connectionString);
  const pool = createConnectionPool({ connectionString: database.connectionString, poolSize: 4 });
  let app: NestFastifyApplication;
  let access: FirstAccess;
  try {
    const seeded = await runSeed(env, {
      adminEmail: "owner@example.com",
      simulatorUrl: options.simulatorUrl ?? "http://127.0.0.1:1",
      providerApiKeys: new Map(),
    });
    if ("alreadySeeded" in seeded) throw new Error("a fresh database was seeded already");
    access = seeded;
    app = await createApp(env, logger);
    await app.listen(0, "127.0.0.1");
  } catch (error) {
    await pool.end();
    await database.stop();
    throw error;
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  async function send(
    method: string,
    path: string,
    { token, headers, body }: SendOptions = {},
  ): Promise<Answer<unknown>> {
    const bearer = token === undefined ? access.adminToken : token;
    const response = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  function call(operation: Operation, input: unknown, token?: string): Promise<Answer<unknown>> {
    const {
      params = {},
      query = {},
      body,
    } = (input ?? {}) as {
      params?: Record<string, unknown>;
      query?: Record<string, unknown>;
      body?: unknown;
    };
    const path = operation.path.replaceAll(/:(\w+)/g, (_match, name: string) =>
      encodeURIComponent(String(params[name])),
    );
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
    return send(operation.method, search === "" ? path : `${path}?${search}`, {
      ...(token !== undefined && { token }),
      ...(body !== undefined && { body }),
    });
  }

  const roleTokens = new Map<Role, string>();
  const running: RunningControlPlane = {
    url,
    env,
    access,
    pool,
    log,
    send,
    async ok(operation, input, token) {
      const answer = await call(operation, input, token);
      if (answer.status !== operation.status) {
        throw new Error(`${operation.id} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      return answer.body as z.output<(typeof operation)["response"]>;
    },
    async fails(operation, input, token) {
      const answer = await call(operation, input, token);
      if (answer.status < 400) throw new Error(`${operation.id} succeeded: ${JSON.stringify(answer.body)}`);
      return answer as Answer<ErrorBody>;
    },
    async tokenOf(role) {
      const known = roleTokens.get(role);
      if (known !== undefined) return known;
      const { token } = await running.ok(adminTokenOperations.create, { body: { name: `test ${role}`, role } });
      roleTokens.set(role, token);
      return token;
    },
    async stop() {
      await app.close();
      await pool.end();
      await database.stop();
    },
  };
  return running;
}
