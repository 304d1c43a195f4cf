import { HttpException } from "@nestjs/common";
import { isDatabaseUnavailable } from "../database/is-database-unavailable.ts";
import { ControlPlaneError } from "./control-plane-error.ts";
import type { ErrorCode } from "./error-catalogue.ts";

/** What Fastify and Nest throw by themselves, in our words. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: "malformed_request",
  404: "not_found",
  413: "body_too_large",
  415: "unsupported_media_type",
};

/** Every failure as one of our codes; whatever nobody expected becomes `internal_error`, and says nothing of itself. */
export function toControlPlaneError(error: unknown): ControlPlaneError {
  if (error instanceof ControlPlaneError) return error;
  const code = codeOfStatus[statusOf(error) ?? 0];
  if (code) return new ControlPlaneError(code, { cause: error });
  return new ControlPlaneError(isDatabaseUnavailable(error) ? "database_unavailable" : "internal_error", {
    cause: error,
  });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== "object" || error === null) return undefined;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  return typeof code === "string" && code.startsWith("FST_") && typeof statusCode === "number" ? statusCode : undefined;
}
