import { readEnvironment } from "./env.ts";
import { createSimulator } from "./simulator.ts";

try {
  const environment = readEnvironment(process.env);
  const simulator = createSimulator({
    host: environment.SIMULATOR_HOST,
    seed: environment.SIMULATOR_SEED,
    ledgerFile: environment.SIMULATOR_LEDGER_FILE,
    apiKey: environment.SIMULATOR_API_KEY,
    controlPort: environment.SIMULATOR_CONTROL_PORT,
    keptAnswerBytes: environment.SIMULATOR_KEPT_ANSWER_BYTES,
  });
  await simulator.listen(environment.SIMULATOR_PORT);
  console.log(`simulator ready at ${simulator.url}, control API at ${simulator.controlUrl}/_simulator/`);
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void simulator.close());
} catch (error) {
  console.error(`simulator cannot start: ${explain(error)}`);
  process.exitCode = 1;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") return `${error.message}. Set SIMULATOR_PORT to a free port.`;
  return error.message;
}
