import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);

const environmentSchema = z.object({
  SIMULATOR_PORT: port.default(9090),
  SIMULATOR_HOST: z.string().default("127.0.0.1"),
  SIMULATOR_CONTROL_PORT: port.optional(),
  SIMULATOR_SEED: z.string().optional(),
  SIMULATOR_LEDGER_FILE: z.string().optional(),
  SIMULATOR_API_KEY: z.string().optional(),
  SIMULATOR_KEPT_ANSWER_BYTES: z.coerce.number().int().min(0).default(0),
});

export type Environment = z.infer<typeof environmentSchema>;

/**
 * The simulator's settings; README.md lists them. An empty variable counts as absent.
 *
 * @throws Error with one line that names every variable at fault
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const result = environmentSchema.safeParse(given);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}
