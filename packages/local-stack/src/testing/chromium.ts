/** The browser that the browser tests drive: one that is there, or else one that can be installed here. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../operator-error.ts";
import { repositoryRoot } from "../repository-root.ts";
import { type ToolOptions, runTool } from "../run-tool.ts";

const installedNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const installedFolders = [
  "/usr/bin",
  "/usr/local/bin",
  "/opt/google/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS",
];

/**
 * Returns the path of a Chromium that starts, installing one if there is none.
 * @throws OperatorError when there is none and none can be installed.
 */
export async function provideChromium(note: (text: string) => void, signal: AbortSignal): Promise<string> {
  const found = (await findInstalled()) ?? (await findPlaywrights());
  if (found !== null) return found;
  note("installing Chromium");
  const options: ToolOptions = { signal, onLine: (line) => note(`installing Chromium: ${line}`) };
  const attempts = [];
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    attempts.push(await runTool("apt-get", ["update"], { ...options, env }));
    attempts.push(
      await runTool("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { ...options, env }),
    );
    const installed = await findInstalled();
    if (installed !== null) return installed;
  }
  attempts.push(await runTool(playwright, ["install", "chromium"], options));
  const downloaded = await findPlaywrights();
  if (downloaded !== null) return downloaded;
  throw new OperatorError(
    "The browser tests need Chromium and it cannot be installed from here. Install it (Debian: sudo apt-get install chromium) or set SWITCHYARD_CHROMIUM=/path/to/chromium.\n" +
      attempts.map(({ output }) => output.trim().split("\n").slice(-5).join("\n")).join("\n"),
  );
}

const dashboard = join(repositoryRoot, "apps/dashboard");
const playwright = join(dashboard, "node_modules/.bin/playwright");

async function findInstalled(): Promise<string | null> {
  const chosen = process.env["SWITCHYARD_CHROMIUM"];
  const paths = chosen
    ? [chosen]
    : installedFolders.flatMap((folder) => installedNames.map((name) => join(folder, name)));
  for (const path of paths) {
    if (existsSync(path) && (await starts(path))) return path;
  }
  if (chosen) throw new OperatorError(`SWITCHYARD_CHROMIUM=${chosen} is not a browser that starts.`);
  return null;
}

async function findPlaywrights(): Promise<string | null> {
  const script = 'process.stdout.write(require("@playwright/test").chromium.executablePath())';
  const { output } = await runTool(process.execPath, ["-e", script], { cwd: dashboard });
  const path = output.trim();
  return existsSync(path) && (await starts(path)) ? path : null;
}

/** Ubuntu's package is a stub that only says where to get the real one. */
async function starts(path: string): Promise<boolean> {
  return (await runTool(path, ["--version"])).succeeded;
}
