import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { instantSchema, pageOf, pageQuery } from "./primitives.ts";

export const policyRevisionSummarySchema = z.strictObject({
  number: z.int(),
  summary: z.string(),
  createdBy: z.string(),
  createdAt: instantSchema,
  sha256: z.string(),
  isCurrent: z.boolean(),
  /** Gateway processes that run it now. */
  gateways: z.int(),
});

/** One difference, as a person reads it: `routes › fast › targets › openai-eu / gpt-5-mini › weight: 70 → 30`. */
export const policyChangeSchema = z.strictObject({
  path: z.array(z.string()),
  kind: z.enum(["added", "removed", "changed"]),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const numberParams = z.strictObject({ number: z.coerce.number().int().min(1) });
const tag = "Policy revisions";

export const policyRevisionOperations = {
  list: defineOperation({
    id: "listPolicyRevisions",
    method: "GET",
    path: "/api/policy-revisions",
    tag,
    summary: "Every published revision, newest first",
    access: "member",
    query: pageQuery,
    response: pageOf(policyRevisionSummarySchema),
  }),
  get: defineOperation({
    id: "getPolicyRevision",
    method: "GET",
    path: "/api/policy-revisions/:number",
    tag,
    summary: "One revision with its content; digests and sealed credentials are left out",
    access: "member",
    params: numberParams,
    response: policyRevisionSummarySchema.extend({ content: z.unknown() }),
  }),
  diff: defineOperation({
    id: "diffPolicyRevisions",
    method: "GET",
    path: "/api/policy-revisions/:number/diff",
    tag,
    summary: "What changed between `against` (default: the revision before) and this one",
    access: "member",
    params: numberParams,
    query: z.strictObject({ against: z.coerce.number().int().min(0).optional() }),
    response: z.strictObject({ from: z.int(), to: z.int(), changes: z.array(policyChangeSchema) }),
  }),
  rollBack: defineOperation({
    id: "rollBackToPolicyRevision",
    method: "POST",
    path: "/api/policy-revisions/:number/roll-back",
    tag,
    summary:
      "Publish a new revision with the routes, budgets and rate limits of this one; keys, credentials and prices stay as they are",
    access: administrators,
    params: numberParams,
    response: policyRevisionSummarySchema,
    status: 201,
  }),
};

export type PolicyRevisionSummary = z.infer<typeof policyRevisionSummarySchema>;
export type PolicyChange = z.infer<typeof policyChangeSchema>;
