/**
 * Builds what runs compiled: the database client, the three servers and the dashboard. turbo knows what is out of date by
 * content; a stamp over sizes and times of the sources answers "nothing changed" without starting it.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { OperatorError } from "../operator-error.ts";
import { repositoryRoot } from "../repository-root.ts";
import { runTool } from "../run-tool.ts";

const stampFile = join(repositoryRoot, "node_modules", ".switchyard-build");
const sourceRoots = ["apps", "packages", "prisma"];
const rootSources = ["package.json", "pnpm-lock.yaml", "turbo.json", "tsconfig.base.json", "tsconfig.nest.json"];
const notSources = /^(?:node_modules|dist|out|generated|test-results|e2e|system|test|coverage|\..*)$|\.test\.tsx?$/;
const outputs = [
  "prisma/generated/client.ts",
  "apps/gateway/dist/main.js",
  "apps/control-plane/dist/main.js",
  "apps/worker/dist/main.js",
  "apps/dashboard/out/index.html",
];

/** Whether a build of exactly these sources is in place. */
export async function isBuilt(): Promise<boolean> {
  if (!outputs.every((file) => existsSync(join(repositoryRoot, file)))) return false;
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === (await fingerprintOfSources());
}

/**
 * Builds whatever is out of date.
 * @throws OperatorError with the compiler's output when the build fails.
 */
export async function build(note: (text: string) => void = () => undefined, signal?: AbortSignal): Promise<void> {
  const fingerprint = await fingerprintOfSources();
  const { succeeded, output } = await runTool(
    "turbo",
    ["run", "build", "--output-logs=errors-only", `--concurrency=${availableParallelism()}`],
    { onLine: note, signal },
  );
  if (!succeeded) throw new OperatorError(`The build failed:\n${output.trim()}`);
  writeFileSync(stampFile, fingerprint);
}

async function fingerprintOfSources(): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const file of rootSources) await addFile(hash, file);
  for (const root of sourceRoots) await addFolder(hash, root);
  return hash.digest("hex");
}

type Hash = ReturnType<typeof createHash>;

async function addFolder(hash: Hash, folder: string): Promise<void> {
  const entries = await readdir(join(repositoryRoot, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (notSources.test(entry.name)) continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await addFolder(hash, path);
    else await addFile(hash, path);
  }
}

async function addFile(hash: Hash, file: string): Promise<void> {
  const { size, mtimeMs } = await stat(join(repositoryRoot, file));
  hash.update(`${file}\0${size}\0${mtimeMs}\0`);
}
