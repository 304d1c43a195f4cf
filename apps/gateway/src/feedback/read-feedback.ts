import { timestampOfUuidV7 } from "@switchyard/secrets/random-id";
import { z } from "zod";
import { GatewayError } from "../errors/gateway-error.ts";

const line = (most: number) => z.string().min(1).max(most);

const feedbackSchema = z
  .strictObject({
    request_id: line(64),
    score: z.number().min(-1).max(1).nullish(),
    thumbs: z.enum(["up", "down"]).nullish(),
    value: line(200).nullish(),
    tags: z.array(line(64)).max(10).nullish(),
    comment: line(2_000).nullish(),
  })
  .refine(({ score, thumbs }) => ((score ?? null) === null) !== ((thumbs ?? null) === null), {
    message: "give either a score or thumbs",
    path: ["score"],
  });

/** What an application says of one of its calls. */
export interface Feedback {
  readonly requestId: string;
  readonly madeAtMs: number;
  readonly scorePermille: number;
  readonly value: string | null;
  readonly tags: readonly string[];
  readonly comment: string | null;
}

/** Throws GatewayError: `invalid_request`, with the field; `call_not_found` for an id that is none of ours. */
export function readFeedback(parsed: Readonly<Record<string, unknown>>): Feedback {
  const reading = feedbackSchema.safeParse(parsed);
  if (!reading.success) {
    const [issue] = reading.error.issues;
    const message = `The feedback cannot be read: ${issue?.message ?? "invalid"}.`;
    throw new GatewayError("invalid_request", message, { param: paramOf(issue) });
  }
  const { request_id: requestId, score, thumbs, value, tags, comment } = reading.data;
  return {
    requestId,
    madeAtMs: madeAt(requestId),
    scorePermille: typeof score === "number" ? Math.round(score * 1_000) + 0 : thumbs === "up" ? 1_000 : -1_000,
    value: value ?? null,
    tags: [...new Set(tags ?? [])].toSorted(),
    comment: comment ?? null,
  };
}

export function callNotFound(): GatewayError {
  return new GatewayError("call_not_found", "There is no call of this id.", { param: "request_id" });
}

/** A field that must not be there is named too: the reader puts it beside the path. */
function paramOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "unrecognized_keys") return issue.keys[0] ?? "";
  return issue?.path.join(".") ?? "";
}

function madeAt(requestId: string): number {
  try {
    return timestampOfUuidV7(requestId);
  } catch {
    throw callNotFound();
  }
}
