import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LoadPlan, LoadResult } from "./load-generator.ts";

const script = fileURLToPath(new URL("load-generator.ts", import.meta.url));

/** Runs a load to its end. */
export async function generateLoad(plan: LoadPlan): Promise<LoadResult> {
  const child = start(plan);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the load generator ended with code ${code}`);
  return JSON.parse(output) as LoadResult;
}

/** Opens streams and keeps them open until `release`. Resolves when each has had its first byte. */
export async function holdStreams(plan: LoadPlan): Promise<{ release(): Promise<void> }> {
  const child = start(plan);
  const exited = once(child, "exit");
  if (child.stdout === null) throw new Error("the load generator has no output");
  await Promise.race([
    once(child.stdout, "data"),
    exited.then(() => Promise.reject(new Error("the load generator ended before its streams were open"))),
  ]);
  return {
    release: async () => {
      child.stdin?.end();
      await exited;
    },
  };
}

function start(plan: LoadPlan): ChildProcess {
  return spawn(process.execPath, [script, JSON.stringify(plan)], { stdio: ["pipe", "pipe", "inherit"] });
}
