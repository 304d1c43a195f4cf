/**
 * The immutable compilation of all policy that gateways run. The control plane compiles and validates it before it is
 * published; a gateway validates it again with the same schema before it takes it, so that neither trusts the other.
 * Arrays, not maps: the document is stored, hashed, compared and shown as it is.
 */
import { gatewayFeeSchema } from "@switchyard/metering/gateway-fee";
import { priceVersionSchema } from "@switchyard/metering/price-version";
import { quotaSchema } from "@switchyard/metering/quota";
import { operations } from "@switchyard/metering/usage-event";
import { z } from "zod";
import { probeSchema } from "../health/probe.ts";
import { connectionQuirksSchema } from "./connection-quirks.ts";
import { routeSchema } from "./route.ts";

export const policySchemaVersion = 1;

const id = z.string().min(1).max(64);
const name = z.string().min(1).max(120);
const epochMs = z.int().min(0);

export const policyTeamSchema = z.strictObject({ teamId: id, name });

export const policyProjectSchema = z.strictObject({
  projectId: id,
  teamId: id,
  name,
  /** No answer is kept for a retry, not even encrypted. */
  zeroRetention: z.boolean().default(false),
});

export const policyVirtualKeySchema = z.strictObject({
  virtualKeyId: id,
  /** The part of the token that may be shown; identity looks a key up by it. */
  publicId: z.string().regex(/^[0-9A-Za-z]{12}$/),
  /** HMAC-SHA256 of the secret part, base64. */
  digest: z.base64().length(44),
  projectId: id,
  name,
  /** Key stops working at this instant: its expiry, or the end of a rotation's overlap. */
  notAfterMs: epochMs.nullable(),
  /** Routes this key may call; null means every route its project may call. */
  allowedRouteIds: z.array(id).max(1000).nullable(),
  /** Connections that this key may pass calls through to as they are; absent: none. */
  passthroughConnectionIds: z.array(id).max(100).optional(),
});

export const connectionAttributesSchema = z.strictObject({
  region: z.string().max(60).nullable(),
  jurisdiction: z.string().max(60).nullable(),
  zeroRetention: z.boolean(),
  noTraining: z.boolean(),
});

export const policyConnectionSchema = z.strictObject({
  connectionId: id,
  name,
  kind: z.string().min(1).max(60),
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  enabled: z.boolean(),
  /** An admin takes it out of service for now: calls under way end, and no new one starts. Absent: false. */
  drained: z.boolean().optional(),
  attributes: connectionAttributesSchema,
  /** Whether it is asked for its model list while no call goes there. Absent: it is not. */
  probe: probeSchema.optional(),
  /** What this provider does about billing when the gateway hangs up. */
  abortBilling: z.enum(["stops", "runs_on"]),
  /** Where this server differs from its kind; absent: nowhere. */
  quirks: connectionQuirksSchema.optional(),
  /** Sealed envelopes, active ones first; only the gateway's keyring opens them, and only for this origin. */
  credentials: z.array(z.strictObject({ credentialId: id, sealed: z.string().min(1).max(20_000) })).max(20),
});

export const modelCapabilitiesSchema = z.strictObject({
  operations: z.array(z.enum(operations)).min(1),
  tools: z.boolean(),
  vision: z.boolean(),
  jsonSchema: z.boolean(),
  streaming: z.boolean(),
});

export const policyModelSchema = z.strictObject({
  modelId: id,
  providerKind: z.string().min(1).max(60),
  /** The id that the provider knows the model by. */
  providerModel: z.string().min(1).max(200),
  contextWindow: z.int().min(1).nullable(),
  maxOutputTokens: z.int().min(1).nullable(),
  capabilities: modelCapabilitiesSchema,
  /** Every version that may still apply, oldest first. */
  prices: z.array(priceVersionSchema).max(500),
});

export const policyRevisionSchema = z.strictObject({
  schemaVersion: z.literal(policySchemaVersion),
  organisation: z.strictObject({ organisationId: id, name }),
  teams: z.array(policyTeamSchema),
  projects: z.array(policyProjectSchema),
  virtualKeys: z.array(policyVirtualKeySchema),
  connections: z.array(policyConnectionSchema),
  models: z.array(policyModelSchema),
  routes: z.array(routeSchema),
  quotas: z.array(quotaSchema),
  /** What callers pay beside the provider's cost; absent: nothing. */
  gatewayFees: z.array(gatewayFeeSchema).optional(),
});

export type PolicyRevision = z.infer<typeof policyRevisionSchema>;
export type ConnectionAttributes = z.infer<typeof connectionAttributesSchema>;
export type PolicyConnection = z.infer<typeof policyConnectionSchema>;
export type PolicyModel = z.infer<typeof policyModelSchema>;
export type PolicyVirtualKey = z.infer<typeof policyVirtualKeySchema>;
