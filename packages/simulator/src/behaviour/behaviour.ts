import { z } from "zod";

const LONGEST_WAIT_MS = 600_000;
const MOST_TOKENS = 1_000_000;

const milliseconds = z.number().min(0).max(LONGEST_WAIT_MS);
const tokenCount = z.int().min(0).max(MOST_TOKENS);
const share = z.number().min(0).max(1);
const chunkCount = z.int().min(0);
const headerValue = z
  .string()
  .max(8_192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "must be sendable in an HTTP header: no line breaks, no control characters");
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/, "must be an HTTP header name");

/** Headers that frame the message: sending another value would break the connection, not the answer. */
const FRAMING_HEADERS = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const latency = z.union(
  [
    milliseconds,
    z
      .strictObject({ p50: milliseconds.positive(), p99: milliseconds.positive() })
      .refine(({ p50, p99 }) => p50 <= p99, "p50 must not be above p99"),
  ],
  { error: 'must be milliseconds, or {"p50", "p99"} in milliseconds' },
);

const outputTokens = z.union(
  [
    tokenCount,
    z
      .strictObject({ min: tokenCount, max: tokenCount })
      .refine(({ min, max }) => min <= max, "min must not be above max"),
  ],
  { error: 'must be a token count, or {"min", "max"} as token counts' },
);

/** At most one field of each group may be set: they contradict each other. */
const EXCLUSIVE_GROUPS = [
  ["answerText", "emptyAnswer", "refusal", "garbage"],
  ["contentFilter", "emptyAnswer", "refusal", "garbage"],
  ["cutAfterChunks", "cutAfterBytes", "cleanEofAfterChunks", "stallAfterChunks", "errorMidStream", "garbage"],
] as const;

const NEED_ERROR_STATUS = ["errorCode", "errorMessage", "retryAfter"] as const;

/**
 * How a simulated provider treats the calls of one model. README.md explains every field; absent fields mean a healthy,
 * instant provider. Fields under "faults" apply only to the calls that `failFirstCalls` and `faultRate` select.
 */
export const behaviourSchema = z
  .strictObject({
    // pace
    latencyMs: latency.optional(),
    firstByteDelayMs: milliseconds.optional(),
    tokensPerSecond: z.number().min(0).max(1_000_000).optional(),
    chunkTokens: z.int().min(1).max(MOST_TOKENS).optional(),

    // the answer and what it costs
    outputTokens: outputTokens.optional(),
    reasoningTokens: tokenCount.optional(),
    cachedTokensShare: share.optional(),
    answerText: z.string().max(1_000_000).optional(),
    usageMode: z.enum(["final", "none"]).optional(),
    responseHeaders: z
      .record(
        headerName.refine((name) => !FRAMING_HEADERS.has(name.toLowerCase()), "frames the message and cannot be set"),
        headerValue,
      )
      .optional(),
    abortBilling: z.enum(["stop_on_abort", "run_on_abort"]).optional(),
    billOnError: z.boolean().optional(),

    // which calls the faults hit
    failFirstCalls: z.int().min(1).max(1_000_000_000).optional(),
    faultRate: share.optional(),

    // faults
    errorRate: share.optional(),
    errorStatus: z
      .int()
      .min(300)
      .max(599)
      .refine((status) => status !== 304, "304 cannot carry a body")
      .optional(),
    errorCode: z.string().min(1).max(128).optional(),
    errorMessage: z.string().max(10_000).optional(),
    retryAfter: headerValue.optional(),
    connectRefusal: z.boolean().optional(),
    slowFirstByteMs: milliseconds.optional(),
    cutAfterChunks: chunkCount.optional(),
    cutAfterBytes: z.int().min(0).optional(),
    cleanEofAfterChunks: chunkCount.optional(),
    stallAfterChunks: chunkCount.optional(),
    errorMidStream: chunkCount.optional(),
    emptyAnswer: z.boolean().optional(),
    refusal: z.boolean().optional(),
    contentFilter: z.boolean().optional(),
    garbage: z.enum(["html", "empty", "truncated_json", "error_in_200", "wrong_schema"]).optional(),
    malformedUsage: z
      .enum(["missing", "negative", "nan", "huge", "float", "string", "null", "unsafe", "astronomic"])
      .optional(),
    reportedCost: z.union([z.number(), z.string().max(64), z.null()]).optional(),
  })
  .superRefine((behaviour, context) => {
    for (const group of EXCLUSIVE_GROUPS) {
      const set = group.filter((name) => behaviour[name] !== undefined && behaviour[name] !== false);
      if (set.length > 1)
        context.addIssue({ code: "custom", path: [set[1] ?? ""], message: `cannot be combined with ${set[0]}` });
    }
    for (const name of NEED_ERROR_STATUS) {
      if (behaviour[name] !== undefined && behaviour.errorStatus === undefined) {
        context.addIssue({ code: "custom", path: [name], message: "needs errorStatus" });
      }
    }
  });

export type Behaviour = z.infer<typeof behaviourSchema>;

export type GarbageKind = NonNullable<Behaviour["garbage"]>;
export type MalformedUsage = NonNullable<Behaviour["malformedUsage"]>;
/** What an answer's usage says that it cost; undefined where it says nothing. */
export type ReportedCost = Behaviour["reportedCost"];
