import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema, nameSchema, pageOf, pageQuery, usdSchema } from "./primitives.ts";

export const teamSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  projectCount: z.int(),
  keyCount: z.int(),
  /** Spend since the first of this month, UTC. */
  spendThisMonthUsd: usdSchema,
  createdAt: instantSchema,
  archivedAt: instantSchema.nullable(),
});

const teamBody = z.strictObject({ name: nameSchema });
const tag = "Teams";

export const teamOperations = {
  list: defineOperation({
    id: "listTeams",
    method: "GET",
    path: "/api/teams",
    tag,
    summary: "Teams, by name",
    access: "member",
    query: pageQuery.extend({ includeArchived: z.stringbool().default(false) }),
    response: pageOf(teamSchema),
  }),
  create: defineOperation({
    id: "createTeam",
    method: "POST",
    path: "/api/teams",
    tag,
    summary: "Create a team",
    access: administrators,
    body: teamBody,
    response: teamSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getTeam",
    method: "GET",
    path: "/api/teams/:id",
    tag,
    summary: "One team",
    access: "member",
    params: idParams,
    response: teamSchema,
  }),
  update: defineOperation({
    id: "updateTeam",
    method: "PATCH",
    path: "/api/teams/:id",
    tag,
    summary: "Rename a team",
    access: administrators,
    params: idParams,
    body: teamBody,
    response: teamSchema,
  }),
  archive: defineOperation({
    id: "archiveTeam",
    method: "DELETE",
    path: "/api/teams/:id",
    tag,
    summary: "Archive a team that has no live projects; its history stays",
    access: administrators,
    params: idParams,
  }),
};

export type Team = z.infer<typeof teamSchema>;
