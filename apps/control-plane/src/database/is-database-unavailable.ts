/*
 * Tells "the database is not there" from a fault of the statement, so that it becomes a 503 and not a 500.
 * Prisma: connection errors P1000-P1017 and a transaction that got no connection (P2024, P2028).
 * PostgreSQL: class 08 (connection), 53 (too many connections), 57P0x (shutting down). Node: socket errors.
 */
const codePattern =
  /^(P10(0[0-3]|08|11|17)|P2024|P2028|08\w{3}|53\w{3}|57P0\d|ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
const messagePattern =
  /Connection terminated|Can't reach database server|timeout exceeded when trying to connect|the database system is (starting up|shutting down)/;
const deepest = 6;

export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > deepest) return false;
  const { code, originalCode, kind, message, cause, errors, meta } = error as Record<string, unknown>;
  if ([code, originalCode].some((name) => typeof name === "string" && codePattern.test(name))) return true;
  if (kind === "DatabaseNotReachable" || kind === "ConnectionClosed" || kind === "TooManyConnections") return true;
  if (typeof message === "string" && messagePattern.test(message)) return true;
  const nested = [
    cause,
    (meta as Record<string, unknown> | undefined)?.["driverAdapterError"],
    ...(Array.isArray(errors) ? errors : []),
  ];
  return nested.some((inner) => isDatabaseUnavailable(inner, depth + 1));
}

/** Whether a statement broke a unique constraint. */
export function isUniqueViolation(error: unknown): boolean {
  return typeof error === "object" && error !== null && (error as Record<string, unknown>)["code"] === "P2002";
}
