import { z } from "zod";
import type { SentAnswers } from "../provider/sent-answers.ts";
import type { ControlRoute } from "./control-route.ts";
import { parseInput } from "./parse-input.ts";

const bodySchema = z.strictObject({
  prefixes: z.array(z.strictObject({ attemptId: z.string(), bytes: z.int().min(0) })).max(10_000),
});

/** Tells hashes of the beginnings of answers, in the order in which they were asked for; null for unknown attempts. */
export function answerRoutes(sentAnswers: SentAnswers): ControlRoute[] {
  return [
    {
      method: "POST",
      pattern: /^answers\/prefixes$/,
      run: ({ body }) => {
        const { prefixes } = parseInput(bodySchema, body, "body");
        return {
          status: 200,
          body: { prefixes: prefixes.map(({ attemptId, bytes }) => sentAnswers.prefixOf(attemptId, bytes)) },
        };
      },
    },
  ];
}
