import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { idSchema, instantSchema, nonNegativeUsdSchema, usdSchema } from "./primitives.ts";
import { routeBody } from "./routes.ts";

const tokens = z.int().min(0).max(10_000_000);
const text = z.string().min(1).max(200);

/** A call that nobody makes: who would make it, and what it would ask for. */
export const imaginedCallSchema = z.strictObject({
  projectId: idSchema.nullable().default(null),
  user: text.nullable().default(null),
  session: text.nullable().default(null),
  /** `name=value` pairs. */
  tags: z.array(text).max(20).default([]),
  inputTokens: tokens,
  /** The most that it asks for; null: it does not say. */
  outputTokens: tokens.nullable().default(null),
  stream: z.boolean().default(false),
  tools: z.boolean().default(false),
  images: z.boolean().default(false),
  jsonSchema: z.boolean().default(false),
  maxCostUsd: nonNegativeUsdSchema.nullable().default(null),
});

export const previewBody = z.strictObject({
  /** The published route that the draft replaces; null for a new one. */
  routeId: idSchema.nullable(),
  route: routeBody,
  call: imaginedCallSchema,
  /** How many of the route's latest calls to plan again; 0 for none. */
  replayCalls: z.int().min(0).max(1_000).default(0),
});

const callCount = z.int();

export const replaySchema = z.strictObject({
  calls: callCount,
  /** When the oldest of them was made; null where there are none. */
  since: instantSchema.nullable(),
  /** Whose first choice is another one. */
  elsewhere: callCount,
  /** That no target of the draft could serve. */
  unanswered: callCount,
  /** Left out of both costs, because a price is missing. */
  unpriced: callCount,
  beforeUsd: usdSchema,
  afterUsd: usdSchema,
  /** What half of such answers take on the first choices, on average over calls whose targets have been timed; null: none has. */
  usualMs: z.strictObject({ before: z.number(), after: z.number() }).nullable(),
  /** By team, most calls first. */
  teams: z.array(
    z.strictObject({
      teamId: z.string(),
      teamName: z.string(),
      calls: callCount,
      unanswered: callCount,
      beforeUsd: usdSchema,
      afterUsd: usdSchema,
    }),
  ),
  /** First choices of the published policy and of the draft. */
  targets: z.array(z.strictObject({ label: z.string(), before: callCount, after: callCount })),
});

export const previewSchema = z.strictObject({
  /** In the order that they would be tried. */
  attempts: z.array(z.strictObject({ label: z.string(), expectedUsd: usdSchema.nullable() })),
  because: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  /** Of `draws` such calls; null: nobody could answer. */
  firstChoices: z.array(z.strictObject({ label: z.string().nullable(), calls: callCount })),
  draws: callCount,
  replay: replaySchema.nullable(),
});

export const whatIfOperations = {
  preview: defineOperation({
    id: "previewPolicy",
    method: "POST",
    path: "/api/policy-revisions/preview",
    tag: "Policy revisions",
    summary: "What a draft of a route would do with a call, and with those it had; nothing is published",
    access: "member",
    body: previewBody,
    response: previewSchema,
  }),
};

export type PreviewBody = z.input<typeof previewBody>;
export type Preview = z.infer<typeof previewSchema>;
