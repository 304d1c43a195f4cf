/**
 * Where the server behind one connection differs from what its kind usually takes: only what cannot move money or break
 * an answer. Usage, prices, the model and the messages are never a quirk.
 */
import { z } from "zod";

/** What the gateway itself writes or reads; no rule may leave one of these out, and none may be written under its name. */
const reserved: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
]);

/** Parameters that change what a call costs: another one may not be sent under such a name. */
const priced: ReadonlySet<string> = new Set(["n", "best_of", "service_tier", "prediction", "modalities", "audio"]);

const mostParameters = 50;
const parameterName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "must be the name of a parameter, in lower case");

/** `pass`: sent as it is, whatever the kind's own rule. The others are the rules that kinds have. */
const parameterQuirkSchema = z.union([
  z.enum(["pass", "drop", "reject"]),
  z.strictObject({
    rename: parameterName.refine((name) => !reserved.has(name) && !priced.has(name), {
      message: "is a name that the gateway reckons with itself",
    }),
  }),
]);

export const connectionQuirksSchema = z.strictObject({
  /** The output cap that the server understands. */
  outputCapField: z.enum(["max_tokens", "max_completion_tokens"]).optional(),
  /** What becomes of the other spelling of the cap. */
  otherCapField: z.enum(["heeded", "ignored", "renamed"]).optional(),
  /** Whether messages may have the role `developer`; otherwise they become `system`. */
  developerRole: z.boolean().optional(),
  /** Whether `stop` may be a single string; otherwise it becomes a list of one. */
  stopAsString: z.boolean().optional(),
  /** Whether usage of a stream is asked for by `stream_options`; otherwise that is left out. */
  streamOptions: z.boolean().optional(),
  /** Whether the server speaks OpenAI's Responses too; otherwise they are translated for it. */
  responses: z.boolean().optional(),
  /** Which names tools may have: any, or those that OpenAI takes; others are changed, and restored in the answer. */
  toolNames: z.enum(["any", "plain"]).optional(),
  /** What becomes of single parameters, before the kind's own rules. */
  parameters: z
    .record(parameterName, parameterQuirkSchema)
    .superRefine((rules, context) => {
      const names = Object.keys(rules);
      if (names.length > mostParameters) {
        context.addIssue({ code: "custom", message: `has more than ${mostParameters} parameters` });
      }
      for (const name of names.filter((candidate) => reserved.has(candidate))) {
        context.addIssue({ code: "custom", path: [name], message: "is written by the gateway itself" });
      }
    })
    .optional(),
});

export type ConnectionQuirks = z.infer<typeof connectionQuirksSchema>;
export type ParameterQuirk = z.infer<typeof parameterQuirkSchema>;
