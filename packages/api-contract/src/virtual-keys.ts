import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema, nameSchema, pageOf, pageQuery } from "./primitives.ts";

export const virtualKeyStates = ["active", "rotating", "expired", "revoked"] as const;

export const virtualKeySchema = z.strictObject({
  id: idSchema,
  projectId: idSchema,
  projectName: z.string(),
  teamName: z.string(),
  name: nameSchema,
  /** What may be shown of it: `sk-sy-<public id>_…<last four>`. */
  hint: z.string(),
  state: z.enum(virtualKeyStates),
  allowedRouteIds: z.array(idSchema).nullable(),
  /** Connections that it may pass calls through to as they are, below `/passthrough`, where its project allows them too. */
  passthroughConnectionIds: z.array(idSchema),
  createdBy: z.string(),
  createdAt: instantSchema,
  expiresAt: instantSchema.nullable(),
  overlapEndsAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
  rotatedFromId: idSchema.nullable(),
  lastUsedAt: instantSchema.nullable(),
});

/** The token is in this answer only, and never again. */
export const issuedVirtualKeySchema = z.strictObject({ virtualKey: virtualKeySchema, token: z.string() });

const tag = "Virtual keys";

export const virtualKeyOperations = {
  list: defineOperation({
    id: "listVirtualKeys",
    method: "GET",
    path: "/api/virtual-keys",
    tag,
    summary: "Virtual keys, newest first",
    access: "member",
    query: pageQuery.extend({
      projectId: idSchema.optional(),
      teamId: idSchema.optional(),
      state: z.enum(virtualKeyStates).optional(),
      search: z.string().max(120).optional(),
    }),
    response: pageOf(virtualKeySchema),
  }),
  issue: defineOperation({
    id: "issueVirtualKey",
    method: "POST",
    path: "/api/virtual-keys",
    tag,
    summary: "Issue a virtual key; its token is shown once",
    access: administrators,
    body: z.strictObject({
      projectId: idSchema,
      name: nameSchema,
      allowedRouteIds: z.array(idSchema).max(1000).nullable().default(null),
      passthroughConnectionIds: z.array(idSchema).max(100).default([]),
      expiresAt: instantSchema.nullable().default(null),
    }),
    response: issuedVirtualKeySchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getVirtualKey",
    method: "GET",
    path: "/api/virtual-keys/:id",
    tag,
    summary: "One virtual key",
    access: "member",
    params: idParams,
    response: virtualKeySchema,
  }),
  update: defineOperation({
    id: "updateVirtualKey",
    method: "PATCH",
    path: "/api/virtual-keys/:id",
    tag,
    summary: "Rename a key, change its routes, its passthrough or its expiry",
    access: administrators,
    params: idParams,
    body: z.strictObject({
      name: nameSchema.optional(),
      allowedRouteIds: z.array(idSchema).max(1000).nullable().optional(),
      passthroughConnectionIds: z.array(idSchema).max(100).optional(),
      expiresAt: instantSchema.nullable().optional(),
    }),
    response: virtualKeySchema,
  }),
  rotate: defineOperation({
    id: "rotateVirtualKey",
    method: "POST",
    path: "/api/virtual-keys/:id/rotate",
    tag,
    summary: "Issue a successor; the old key works until the overlap ends",
    access: administrators,
    params: idParams,
    body: z.strictObject({ overlapSeconds: z.int().min(0).max(2_592_000).default(86_400) }),
    response: issuedVirtualKeySchema,
    status: 201,
  }),
  revoke: defineOperation({
    id: "revokeVirtualKey",
    method: "POST",
    path: "/api/virtual-keys/:id/revoke",
    tag,
    summary: "Revoke a key on every gateway within seconds; this cannot be undone",
    access: administrators,
    params: idParams,
    response: virtualKeySchema,
  }),
};

export type VirtualKey = z.infer<typeof virtualKeySchema>;
