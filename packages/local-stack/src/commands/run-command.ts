/** The frame around every command: one line for trouble the operator can fix, a stack trace for a defect of ours. */
import { OperatorError } from "../operator-error.ts";

/** A second Ctrl-C within this time is the same key press: the terminal and npm both pass it on. */
const samePressMs = 1_000;

export interface Interruption {
  /** Aborted by Ctrl-C, SIGTERM, a closed terminal, or the end of the process that started us. */
  readonly signal: AbortSignal;
  /** Called when the operator asks a second time. */
  onSecondRequest: () => void;
}

/** Runs a command to its exit code. 130 when it was interrupted before it was done. */
export async function runCommand(command: (interruption: Interruption) => Promise<number>): Promise<void> {
  const interruption = watchForInterruption();
  // Somebody who reads only the first lines must not bring the rest down.
  process.stdout.on("error", () => undefined);
  try {
    process.exitCode = await command(interruption);
  } catch (error) {
    if (interruption.signal.aborted) process.exitCode = 130;
    else {
      process.stderr.write(`${error instanceof OperatorError ? error.message : describeDefect(error)}\n`);
      process.exitCode = 1;
    }
  }
}

function describeDefect(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function watchForInterruption(): Interruption {
  const controller = new AbortController();
  const interruption: Interruption = { signal: controller.signal, onSecondRequest: () => process.exit(130) };
  let firstAtMs = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      firstAtMs = Date.now();
      controller.abort();
    } else if (Date.now() - firstAtMs > samePressMs) interruption.onSecondRequest();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);
  process.once("disconnect", interrupt);
  process.channel?.unref();
  return interruption;
}
