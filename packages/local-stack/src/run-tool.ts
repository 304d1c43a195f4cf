/** Runs one of the repository's tools to its end and keeps what it said. */
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { repositoryRoot } from "./repository-root.ts";

export interface ToolOptions {
  cwd?: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** Hears every line as it comes, for progress. */
  onLine?: (line: string) => void;
  signal?: AbortSignal | undefined;
}

export interface ToolResult {
  succeeded: boolean;
  output: string;
}

const bin = join(repositoryRoot, "node_modules", ".bin");

/** Resolves however the tool ends, also when it cannot be started. Tools of the repository come before those of the machine. */
export async function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  options.signal?.throwIfAborted();
  const { PATH = "" } = process.env;
  const child = spawn(command, args, {
    cwd: options.cwd ?? repositoryRoot,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NO_COLOR: "1",
      TURBO_UI: "false",
      TURBO_TELEMETRY_DISABLED: "1",
      TURBO_NO_UPDATE_NOTIFIER: "1",
      NEXT_TELEMETRY_DISABLED: "1",
      ...options.env,
      PATH: `${bin}${delimiter}${PATH}`,
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const line of text.split("\n")) if (line.trim() !== "") options.onLine?.(line.trim());
    });
  }
  return await new Promise((resolve) => {
    child.once("error", (error) => resolve({ succeeded: false, output: `${output}${command}: ${error.message}\n` }));
    child.once("close", (code) => resolve({ succeeded: code === 0, output }));
  });
}
