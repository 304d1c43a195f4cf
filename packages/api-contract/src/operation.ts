/** One endpoint of the control-plane API as data: the server, the OpenAPI document and the dashboard's client all derive from it. */
import { z } from "zod";

export const roles = ["owner", "admin", "finance", "viewer"] as const;
export type Role = (typeof roles)[number];

/** Who may call it: everybody, any signed-in member, or only the roles named. An admin token carries a role like a member. */
export type Access = "public" | "member" | readonly Role[];

/** May change policy, keys and connections. */
export const administrators = ["owner", "admin"] as const satisfies readonly Role[];
/** May also edit budgets and prices, and record corrections. */
export const financeAndAdministrators = ["owner", "admin", "finance"] as const satisfies readonly Role[];
export const owners = ["owner"] as const satisfies readonly Role[];

export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  /** Stable operation id of the OpenAPI document, for example `listTeams`. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with `:name` parameters, beginning with `/api`. */
  readonly path: `/api/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
  readonly status: 200 | 201 | 204;
  /** What the success body is; anything but JSON is streamed and `response` describes nothing. Any type: see the summary. */
  readonly produces: "application/json" | "text/csv" | "*/*";
}

const none = z.undefined();
type None = typeof none;

interface OperationInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  id: string;
  method: Operation["method"];
  path: Operation["path"];
  tag: string;
  summary: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  response?: R;
  status?: Operation["status"];
  produces?: Operation["produces"];
}

/** Declares an operation; absent parts accept nothing. Without a response the status is 204. */
export function defineOperation<
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType = None,
  R extends z.ZodType = None,
>(input: OperationInput<P, Q, B, R>): Operation<P, Q, B, R> {
  return {
    id: input.id,
    method: input.method,
    path: input.path,
    tag: input.tag,
    summary: input.summary,
    access: input.access,
    params: (input.params ?? none) as P,
    query: (input.query ?? none) as Q,
    body: (input.body ?? none) as B,
    response: (input.response ?? none) as R,
    status: input.status ?? (input.response || input.produces ? 200 : 204),
    produces: input.produces ?? "application/json",
  };
}
