import type { z } from "zod";
import { ControlError } from "./control-route.ts";

/**
 * Checks what a control request says.
 *
 * @throws ControlError 400 that names every field at fault
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  const summary = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  throw new ControlError(400, `Invalid ${what}: ${summary}`, issues);
}
