import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema, nameSchema, pageOf, pageQuery, usdSchema } from "./primitives.ts";

export const projectSchema = z.strictObject({
  id: idSchema,
  teamId: idSchema,
  teamName: z.string(),
  name: nameSchema,
  /** No answer is kept for a retry that carries the same Idempotency-Key, not even encrypted. */
  zeroRetention: z.boolean(),
  /** Connections that its keys may be allowed to pass calls through to as they are; a key has to name them too. */
  passthroughConnectionIds: z.array(idSchema),
  keyCount: z.int(),
  spendThisMonthUsd: usdSchema,
  createdAt: instantSchema,
  archivedAt: instantSchema.nullable(),
});

const tag = "Projects";

export const projectOperations = {
  list: defineOperation({
    id: "listProjects",
    method: "GET",
    path: "/api/projects",
    tag,
    summary: "Projects, by name",
    access: "member",
    query: pageQuery.extend({ teamId: idSchema.optional(), includeArchived: z.stringbool().default(false) }),
    response: pageOf(projectSchema),
  }),
  create: defineOperation({
    id: "createProject",
    method: "POST",
    path: "/api/projects",
    tag,
    summary: "Create a project in a team",
    access: administrators,
    body: z.strictObject({ teamId: idSchema, name: nameSchema }),
    response: projectSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getProject",
    method: "GET",
    path: "/api/projects/:id",
    tag,
    summary: "One project",
    access: "member",
    params: idParams,
    response: projectSchema,
  }),
  update: defineOperation({
    id: "updateProject",
    method: "PATCH",
    path: "/api/projects/:id",
    tag,
    summary: "Rename a project, change what is kept of its answers, or what its keys may be allowed to pass through to",
    access: administrators,
    params: idParams,
    body: z
      .strictObject({
        name: nameSchema.optional(),
        zeroRetention: z.boolean().optional(),
        passthroughConnectionIds: z.array(idSchema).max(1000).optional(),
      })
      .refine((changes) => Object.keys(changes).length > 0, "names nothing to change"),
    response: projectSchema,
  }),
  archive: defineOperation({
    id: "archiveProject",
    method: "DELETE",
    path: "/api/projects/:id",
    tag,
    summary: "Archive a project and revoke its keys",
    access: administrators,
    params: idParams,
  }),
};

export type Project = z.infer<typeof projectSchema>;
