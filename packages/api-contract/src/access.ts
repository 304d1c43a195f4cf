import { z } from "zod";
import { administrators, defineOperation, owners, roles } from "./operation.ts";
import { idParams, idSchema, instantSchema, nameSchema, pageOf, pageQuery } from "./primitives.ts";

const role = z.enum(roles);

export const memberSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  email: z.string(),
  role,
  createdAt: instantSchema,
  isYou: z.boolean(),
});

export const sessionSchema = z.strictObject({
  name: z.string(),
  email: z.string().nullable(),
  role,
  /** The scope of budgets that are for everybody. */
  organisationId: idSchema,
  organisationName: z.string(),
  policyRevision: z.int(),
  gatewayUrl: z.string().nullable(),
});

export const adminTokenSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  hint: z.string(),
  role,
  createdBy: z.string(),
  createdAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
});

export const auditEntrySchema = z.strictObject({
  id: idSchema,
  at: instantSchema,
  actorType: z.enum(["member", "admin_token", "system"]),
  actorName: z.string(),
  action: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
  policyRevision: z.int().nullable(),
});

const tag = "Members";

export const memberOperations = {
  session: defineOperation({
    id: "getSession",
    method: "GET",
    path: "/api/session",
    tag,
    summary: "Who is signed in",
    access: "member",
    response: sessionSchema,
  }),
  list: defineOperation({
    id: "listMembers",
    method: "GET",
    path: "/api/members",
    tag,
    summary: "Members, by name",
    access: "member",
    query: pageQuery,
    response: pageOf(memberSchema),
  }),
  add: defineOperation({
    id: "addMember",
    method: "POST",
    path: "/api/members",
    tag,
    summary: "Add a member; the answer holds a first password, shown once",
    access: owners,
    body: z.strictObject({ name: nameSchema, email: z.email().max(200), role }),
    response: z.strictObject({ member: memberSchema, password: z.string() }),
    status: 201,
  }),
  changeRole: defineOperation({
    id: "changeMemberRole",
    method: "PATCH",
    path: "/api/members/:id",
    tag,
    summary: "Change a member's role; the last owner stays owner",
    access: owners,
    params: idParams,
    body: z.strictObject({ role }),
    response: memberSchema,
  }),
  remove: defineOperation({
    id: "removeMember",
    method: "DELETE",
    path: "/api/members/:id",
    tag,
    summary: "Remove a member and end their sessions; the last owner stays",
    access: owners,
    params: idParams,
  }),
};

export const adminTokenOperations = {
  list: defineOperation({
    id: "listAdminTokens",
    method: "GET",
    path: "/api/admin-tokens",
    tag: "Admin tokens",
    summary: "Tokens for automation",
    access: administrators,
    query: pageQuery,
    response: pageOf(adminTokenSchema),
  }),
  create: defineOperation({
    id: "createAdminToken",
    method: "POST",
    path: "/api/admin-tokens",
    tag: "Admin tokens",
    summary: "Create a token; it is shown once",
    access: owners,
    body: z.strictObject({ name: nameSchema, role }),
    response: z.strictObject({ adminToken: adminTokenSchema, token: z.string() }),
    status: 201,
  }),
  revoke: defineOperation({
    id: "revokeAdminToken",
    method: "POST",
    path: "/api/admin-tokens/:id/revoke",
    tag: "Admin tokens",
    summary: "Revoke a token at once",
    access: owners,
    params: idParams,
    response: adminTokenSchema,
  }),
};

export const auditLogOperations = {
  list: defineOperation({
    id: "listAuditLog",
    method: "GET",
    path: "/api/audit-log",
    tag: "Audit log",
    summary: "Every change, newest first",
    access: "member",
    query: pageQuery.extend({
      resourceType: z.string().max(60).optional(),
      resourceId: idSchema.optional(),
      actor: z.string().max(120).optional(),
      from: instantSchema.optional(),
      to: instantSchema.optional(),
    }),
    response: pageOf(auditEntrySchema),
  }),
};

export type Member = z.infer<typeof memberSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type AdminToken = z.infer<typeof adminTokenSchema>;
export type AuditEntry = z.infer<typeof auditEntrySchema>;
