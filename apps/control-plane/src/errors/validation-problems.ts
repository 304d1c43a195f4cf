import type { z } from "zod";
import { ControlPlaneError, type Problem } from "./control-plane-error.ts";

/** A path as JavaScript spells it: `targets[0].weight`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          path: formatPath([...issue.path, key]),
          code: "unknown_field",
          message: "is not a field of this request",
        }))
      : [{ path: formatPath(issue.path), code: issue.code, message: issue.message }],
  );
}

/** Parses what a client sent, or throws 400 `validation_failed` with every fault. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new ControlPlaneError("validation_failed", { problems: problemsOf(parsed.error) });
  return parsed.data;
}
