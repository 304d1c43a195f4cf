import type { Logger } from "@switchyard/telemetry/logger";

const patienceMs = 2_000;

/**
 * Ends this process once its log is out. Exiting with lines still waiting writes them synchronously, and that never comes
 * back where whoever read them is gone: then nobody is left to tell, and the process ends the hard way.
 */
export function leaveProcess(logger: Logger, exitCode: number): void {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), patienceMs).unref();
  logger.flush(() => process.exit(exitCode));
}
