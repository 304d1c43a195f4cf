/**
 * The canary. A boundary check that checks nothing looks green, so every rule that protects the architecture is shown a
 * violation, in a copy of the repository, and has to object to it by name.
 */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../repository-root.ts";
import type { LayerContext, LayerResult } from "./layer.ts";
import { runTool } from "../run-tool.ts";

interface Plant {
  rule: string;
  file: string;
  text: string;
  /** Declares the import in the package's manifest, so that only the rule about who may import whom can object. */
  declares?: string;
}

const imports = (specifier: string) => `import { planted } from "${specifier}";\nexport const use = planted;\n`;

const crossings: readonly Plant[] = [
  {
    rule: "an import needs a declared dependency",
    file: "packages/metering/src/planted.ts",
    text: imports("@switchyard/policy-engine/policy/route"),
  },
  {
    rule: "no path leaves its package",
    file: "packages/providers/src/planted.ts",
    text: imports("../../metering/src/pico-usd.ts"),
  },
  ...(
    [
      ["metering imports nothing of the workspace", "packages/metering", "@switchyard/secrets"],
      ["pure packages import only metering", "packages/policy-engine", "@switchyard/providers"],
      ["the contract imports only pure packages", "packages/api-contract", "@switchyard/database"],
      ["edge packages import nothing of the workspace", "packages/secrets", "@switchyard/metering"],
      ["the simulator shares no code with what it tests", "packages/simulator", "@switchyard/providers"],
      ["the dashboard cannot reach the database", "apps/dashboard", "@switchyard/database"],
      ["the dashboard cannot reach secrets", "apps/dashboard", "@switchyard/secrets"],
      ["apps never import apps", "apps/gateway", "@switchyard/worker"],
    ] as const
  ).map(([rule, folder, target]) => ({
    rule,
    file: `${folder}/src/planted.ts`,
    text: imports(`${target}/planted`),
    declares: target,
  })),
];

const lapses: readonly Plant[] = [
  { rule: "pure: no Node", file: "packages/metering/src/planted.ts", text: imports("node:fs") },
  {
    rule: "pure: no network",
    file: "packages/providers/src/planted.ts",
    text: "export const use = () => fetch('/');\n",
  },
  {
    rule: "pure: no clock",
    file: "packages/policy-engine/src/planted.ts",
    text: "export const use = () => Date.now();\n",
  },
  {
    rule: "pure: no hidden clock",
    file: "packages/metering/src/planted.ts",
    text: "export const use = () => new Date();\n",
  },
  {
    rule: "pure: no randomness",
    file: "packages/metering/src/planted.ts",
    text: "export const use = () => Math.random();\n",
  },
  {
    rule: "pure: no timers",
    file: "packages/metering/src/planted.ts",
    text: "export const use = () => setTimeout(() => 1, 1);\n",
  },
  {
    rule: "one reader of the environment",
    file: "apps/worker/src/planted.ts",
    text: "export const use = process.env['X'];\n",
  },
  { rule: "one way out", file: "apps/gateway/src/planted.ts", text: imports("undici") },
  {
    rule: "one way to the database",
    file: "apps/gateway/src/planted.ts",
    text: imports("@switchyard/database/client"),
  },
  {
    rule: "no simulator in production",
    file: "apps/control-plane/src/planted.ts",
    text: imports("@switchyard/simulator/main"),
  },
  { rule: "no catch-all names", file: "packages/secrets/src/utils.ts", text: "export const planted = 1;\n" },
  { rule: "no barrels", file: "packages/secrets/src/planted.ts", text: 'export * from "./base62.ts";\n' },
  {
    rule: "no promise left alone",
    file: "packages/secrets/src/planted.ts",
    text: "const work = async () => 1;\nexport const use = () => {\n  work();\n};\n",
  },
];

/** Counts one check for every planted violation. */
export async function checkPlantedViolations({ note, signal }: LayerContext): Promise<LayerResult> {
  const copy = await copyRepository();
  const missed: string[] = [];
  try {
    for (const plant of crossings) {
      note(plant.rule);
      if (!(await objects(copy, plant, "turbo", ["boundaries"], signal))) missed.push(plant.rule);
    }
    await linkPackages(copy);
    for (const plant of lapses) {
      note(plant.rule);
      if (!(await objects(copy, plant, "oxlint", [plant.file], signal))) missed.push(plant.rule);
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  const output = missed.map((rule) => `Planted and not noticed: ${rule}\n`).join("");
  return { passed: crossings.length + lapses.length - missed.length, failed: missed.length, skipped: 0, output };
}

async function copyRepository(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "switchyard-canary-"));
  const left = /[/\\](?:\.git|node_modules|dist|out|\.next|\.turbo|\.switchyard|test-results)$/;
  await cp(repositoryRoot, copy, { recursive: true, filter: (path) => !left.test(path) });
  return copy;
}

/** Rules that know types look installed packages up. */
async function linkPackages(copy: string): Promise<void> {
  for (const folder of ["node_modules", "packages/secrets/node_modules"]) {
    await symlink(join(repositoryRoot, folder), join(copy, folder));
  }
}

async function objects(
  copy: string,
  plant: Plant,
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const file = join(copy, plant.file);
  const manifestFile = join(copy, plant.file.split("/", 2).join("/"), "package.json");
  const manifest = await readFile(manifestFile, "utf8");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, plant.text);
  if (plant.declares !== undefined) await writeFile(manifestFile, withDependency(manifest, plant.declares));
  try {
    const { succeeded, output } = await runTool(command, args, { cwd: copy, signal });
    const named = plant.declares === undefined ? plant.file : plant.declares;
    return !succeeded && output.includes(named);
  } finally {
    await rm(file);
    await writeFile(manifestFile, manifest);
  }
}

function withDependency(manifest: string, name: string): string {
  const parsed = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  return JSON.stringify({ ...parsed, dependencies: { ...parsed.dependencies, [name]: "workspace:*" } });
}
