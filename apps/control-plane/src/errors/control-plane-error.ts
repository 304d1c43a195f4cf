import { errorCatalogue, type ErrorCode } from "./error-catalogue.ts";

/** One thing that is wrong, and where: `targets[0].weight`. */
export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** An answer other than success. `message` reaches the client, so it never quotes a secret. */
export class ControlPlaneError extends Error {
  override readonly name = "ControlPlaneError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, options: { message?: string; problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(options.message ?? errorCatalogue[code].message, { cause: options.cause });
    this.code = code;
    this.status = errorCatalogue[code].status;
    this.problems = options.problems ?? [];
  }
}

/** The row, or 404. */
export function found<Row>(row: Row | null | undefined, what: string): Row {
  if (row === null || row === undefined)
    throw new ControlPlaneError("not_found", { message: `There is no such ${what}.` });
  return row;
}
