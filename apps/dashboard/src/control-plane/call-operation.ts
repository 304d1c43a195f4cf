/** The one typed HTTP client: it derives everything from the contract's operations. */
import type { Operation } from "@switchyard/api-contract/operation";
import { apiErrorSchema, policyRevisionHeader, type ApiError } from "@switchyard/api-contract/primitives";
import type { z } from "zod";

export class ControlPlaneError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: NonNullable<ApiError["error"]["problems"]>;

  constructor(status: number, code: string, message: string, problems: ControlPlaneError["problems"] = []) {
    super(message);
    this.name = "ControlPlaneError";
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

type Part<Schema> = Schema extends z.ZodUndefined ? unknown : Schema extends z.ZodType ? z.input<Schema> : never;

export interface OperationInput<Op extends Operation> {
  readonly params?: Part<Op["params"]>;
  readonly query?: Part<Op["query"]>;
  readonly body?: Part<Op["body"]>;
  readonly signal?: AbortSignal;
}

export interface OperationResult<Op extends Operation> {
  readonly data: z.output<Op["response"]>;
  /** The policy revision that this change published; null when it published none. */
  readonly policyRevision: number | null;
}

/** Path and query string of an operation, for calls and for download links. */
export function operationUrl<Op extends Operation>(
  operation: Op,
  input: Pick<OperationInput<Op>, "params" | "query">,
): string {
  const params = (input.params ?? {}) as Record<string, string | number>;
  const path = operation.path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(
    (input.query ?? {}) as Record<string, string | number | boolean | null | undefined>,
  )) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const search = query.toString();
  return search === "" ? path : `${path}?${search}`;
}

/** Calls the control plane. Throws ControlPlaneError with the server's stable code, or `unreachable`. */
export async function callOperation<Op extends Operation>(
  operation: Op,
  input: OperationInput<Op> = {},
): Promise<OperationResult<Op>> {
  const response = await send(operation, input);
  if (!response.ok) throw await errorOf(response);
  const revision = response.headers.get(policyRevisionHeader);
  const data = response.status === 204 ? undefined : await response.json();
  return { data: data as z.output<Op["response"]>, policyRevision: revision === null ? null : Number(revision) };
}

async function send<Op extends Operation>(operation: Op, input: OperationInput<Op>): Promise<Response> {
  try {
    return await fetch(operationUrl(operation, input), {
      method: operation.method,
      credentials: "same-origin",
      headers:
        input.body === undefined
          ? { accept: "application/json" }
          : { accept: "application/json", "content-type": "application/json" },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal ? { signal: input.signal } : {}),
    });
  } catch (error) {
    if (input.signal?.aborted) throw error;
    throw new ControlPlaneError(
      0,
      "unreachable",
      "The control plane does not answer. Check that Switchyard is running.",
    );
  }
}

async function errorOf(response: Response): Promise<ControlPlaneError> {
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = apiErrorSchema.safeParse(body);
  if (!parsed.success)
    return new ControlPlaneError(
      response.status,
      "unexpected_answer",
      `The control plane answered ${response.status}.`,
    );
  const { code, message, problems } = parsed.data.error;
  return new ControlPlaneError(response.status, code, message, problems ?? []);
}
