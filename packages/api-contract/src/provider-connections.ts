import { operations } from "@switchyard/metering/usage-event";
import { probeSchema } from "@switchyard/policy-engine/health/probe";
import { connectionQuirksSchema } from "@switchyard/policy-engine/policy/connection-quirks";
import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema, nameSchema, pageOf, pageQuery } from "./primitives.ts";

export const credentialSchema = z.strictObject({
  id: idSchema,
  /** The last characters, for recognising it; the secret itself is never shown again. */
  hint: z.string(),
  state: z.enum(["active", "retiring", "void"]),
  createdBy: z.string(),
  createdAt: instantSchema,
});

export const providerConnectionSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  kind: z.string(),
  baseUrl: z.string(),
  enabled: z.boolean(),
  /** True while it takes no new calls because an admin drains it. */
  drained: z.boolean(),
  region: z.string().nullable(),
  jurisdiction: z.string().nullable(),
  zeroRetention: z.boolean(),
  noTraining: z.boolean(),
  abortBilling: z.enum(["stops", "runs_on"]),
  /** Where this server differs from its kind; null: nowhere. */
  quirks: connectionQuirksSchema.nullable(),
  /** Whether gateways ask it for its model list while no call goes there; null: they do not. */
  probe: probeSchema.nullable(),
  credentials: z.array(credentialSchema),
  routeCount: z.int(),
  createdAt: instantSchema,
});

export const providerKindSchema = z.strictObject({
  kind: z.string(),
  displayName: z.string(),
  defaultBaseUrl: z.string().nullable(),
  /** What an address looks like where every account has its own. */
  baseUrlHint: z.string().nullable(),
  needsCredential: z.boolean(),
  credentialHint: z.string(),
  operations: z.array(z.enum(operations)),
  docsUrl: z.string().nullable(),
  /** Whether it has a model list, which a connection can be probed with. */
  listsModels: z.boolean(),
  /** What connections of it do unless they have quirks; null where they can have none. */
  quirkDefaults: connectionQuirksSchema.required().nullable(),
});

const secret = z.string().min(1).max(10_000).meta({ description: "Sealed at rest; never returned" });
const baseUrl = z.url({ protocol: /^https?$/ }).max(500);

const settings = {
  name: nameSchema,
  baseUrl,
  enabled: z.boolean(),
  drained: z.boolean(),
  region: z.string().max(60).nullable(),
  jurisdiction: z.string().max(60).nullable(),
  zeroRetention: z.boolean(),
  noTraining: z.boolean(),
  abortBilling: z.enum(["stops", "runs_on"]),
  /** Only for kinds that speak OpenAI's protocol; what is left out stays as the kind has it. */
  quirks: connectionQuirksSchema.nullable(),
  /** Only for kinds that have a model list. */
  probe: probeSchema.nullable(),
};

export const createProviderConnectionBody = z.strictObject({
  name: settings.name,
  kind: z.string().min(1).max(60),
  baseUrl: settings.baseUrl.optional(),
  enabled: settings.enabled.default(true),
  drained: settings.drained.default(false),
  region: settings.region.default(null),
  jurisdiction: settings.jurisdiction.default(null),
  zeroRetention: settings.zeroRetention.default(false),
  noTraining: settings.noTraining.default(false),
  abortBilling: settings.abortBilling.optional(),
  quirks: settings.quirks.default(null),
  probe: settings.probe.default(null),
  /** The first credential; may be left out for servers that need none. */
  credential: secret.optional(),
});

export const updateProviderConnectionBody = z.strictObject(settings).partial().extend({
  /** Required when the origin of `baseUrl` changes: credentials are bound to their origin and become void. */
  credential: secret.optional(),
});

export const connectionTestSchema = z.strictObject({
  ok: z.boolean(),
  status: z.int().nullable(),
  latencyMs: z.number().nullable(),
  /** A stable outcome: ok, connect_failed, timeout, credential_rejected, blocked_address, unexpected_answer. */
  outcome: z.string(),
  message: z.string(),
  models: z.array(z.string()).max(500),
});

const tag = "Provider connections";

export const providerConnectionOperations = {
  list: defineOperation({
    id: "listProviderConnections",
    method: "GET",
    path: "/api/provider-connections",
    tag,
    summary: "Provider connections, by name",
    access: "member",
    query: pageQuery,
    response: pageOf(providerConnectionSchema),
  }),
  kinds: defineOperation({
    id: "listProviderKinds",
    method: "GET",
    path: "/api/provider-kinds",
    tag,
    summary: "The kinds of provider that this build speaks",
    access: "member",
    response: z.strictObject({ items: z.array(providerKindSchema) }),
  }),
  create: defineOperation({
    id: "createProviderConnection",
    method: "POST",
    path: "/api/provider-connections",
    tag,
    summary: "Connect an account at a provider",
    access: administrators,
    body: createProviderConnectionBody,
    response: providerConnectionSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getProviderConnection",
    method: "GET",
    path: "/api/provider-connections/:id",
    tag,
    summary: "One provider connection",
    access: "member",
    params: idParams,
    response: providerConnectionSchema,
  }),
  update: defineOperation({
    id: "updateProviderConnection",
    method: "PATCH",
    path: "/api/provider-connections/:id",
    tag,
    summary: "Change a connection; a new origin voids its credentials",
    access: administrators,
    params: idParams,
    body: updateProviderConnectionBody,
    response: providerConnectionSchema,
  }),
  archive: defineOperation({
    id: "archiveProviderConnection",
    method: "DELETE",
    path: "/api/provider-connections/:id",
    tag,
    summary: "Archive a connection that no route uses, and destroy its credentials",
    access: administrators,
    params: idParams,
  }),
  addCredential: defineOperation({
    id: "addCredential",
    method: "POST",
    path: "/api/provider-connections/:id/credentials",
    tag,
    summary: "Add a credential; with `retireOthers` the present ones become retiring",
    access: administrators,
    params: idParams,
    body: z.strictObject({ credential: secret, retireOthers: z.boolean().default(false) }),
    response: providerConnectionSchema,
    status: 201,
  }),
  removeCredential: defineOperation({
    id: "removeCredential",
    method: "DELETE",
    path: "/api/provider-connections/:id/credentials/:credentialId",
    tag,
    summary: "Destroy a credential",
    access: administrators,
    params: z.strictObject({ id: idSchema, credentialId: idSchema }),
  }),
  test: defineOperation({
    id: "testProviderConnection",
    method: "POST",
    path: "/api/provider-connections/:id/test",
    tag,
    summary: "Call the provider's model list with the stored credential and say what came back",
    access: administrators,
    params: idParams,
    response: connectionTestSchema,
  }),
};

export type ProviderConnection = z.infer<typeof providerConnectionSchema>;
export type ProviderKind = z.infer<typeof providerKindSchema>;
export type ConnectionTest = z.infer<typeof connectionTestSchema>;
