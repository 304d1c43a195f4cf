import { prismaAdapter } from "better-auth/adapters/prisma";
import { betterAuth } from "better-auth/minimal";
import { deriveSecretText } from "@switchyard/secrets/derive-key";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Database } from "../database/database.ts";
import type { ControlPlaneEnv } from "../env.ts";

export const authenticationPath = "/api/auth";
/** Set by us from the socket, never taken from a client; sign-in attempts are counted by it. */
export const clientAddressHeader = "x-switchyard-client-address";
const shortestPassword = 12;

const daySeconds = 86_400;

interface AuthenticationParts {
  readonly database: Database;
  readonly env: ControlPlaneEnv;
  readonly logger: Logger;
  readonly trustedOrigins: () => string[];
}

/** Passwords and sessions, from a library; members are added by owners, so there is no sign-up. */
export function createAuthentication({ database, env, logger, trustedOrigins }: AuthenticationParts) {
  return betterAuth({
    appName: "Switchyard",
    basePath: authenticationPath,
    baseURL: env.adminOrigin ?? `http://${env.host}:${env.port}`,
    secret: deriveSecretText(env.keyring.active, "auth-secret").reveal(),
    database: prismaAdapter(database.client, { provider: "postgresql" }),
    trustedOrigins,
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: shortestPassword },
    session: { expiresIn: 7 * daySeconds, updateAge: daySeconds },
    rateLimit: {
      enabled: true,
      storage: "memory",
      window: 60,
      max: 300,
      customRules: { "/sign-in/email": { window: 60, max: 20 }, "/change-password": { window: 60, max: 10 } },
    },
    advanced: {
      useSecureCookies: env.adminOrigin?.startsWith("https:") ?? false,
      defaultCookieAttributes: { httpOnly: true, sameSite: "strict", path: "/" },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      database: { generateId: () => createUuidV7() },
    },
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message, ...details) => logger[level === "error" ? "error" : "warn"]({ details }, message),
    },
  });
}

export type Authentication = ReturnType<typeof createAuthentication>;
export const authenticationToken = Symbol("authentication");
