/**
 * The first thing a fresh clone runs, so it is plain JavaScript, needs no package, and runs on the oldest Node that the
 * package registry's tools accept. It installs the pinned packages when they changed, then hands over to the command
 * under the pinned Node: same terminal, signals passed on, exit code kept.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beginStep } from "./progress.mjs";

const oldestNode = [20, 19];
const pnpmVersion = "12.21.0";
const commands = ["start", "test", "check", "demo", "bench", "drill", "scale", "audit", "fidelity", "population"];

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const bin = join(root, "node_modules", ".bin");
const pinnedNode = join(bin, "node");
const stampFile = join(root, "node_modules", ".switchyard-install");

/** Ends with one line that says what is wrong and what to do. */
function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`Switchyard needs Node ${oldestNode.join(".")} or newer to install itself; this is ${process.version}.`);
}

/** Everything that decides which packages belong in node_modules. */
function fingerprintOfPackages() {
  const manifests = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "prisma/package.json"];
  for (const folder of ["apps", "packages"]) {
    for (const name of readdirSync(join(root, folder)).sort()) manifests.push(`${folder}/${name}/package.json`);
  }
  const hash = createHash("sha256").update(`${pnpmVersion} ${process.platform} ${process.arch}\n`);
  for (const manifest of manifests) {
    const path = join(root, manifest);
    if (existsSync(path)) hash.update(manifest).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function isInstalled(fingerprint) {
  return existsSync(pinnedNode) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === fingerprint;
}

/** Runs a child that shares our signals; resolves with its exit code, 128 + n for a signal, or the error that prevented it. */
function run(command, args, options, watch = () => {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, ...options });
    const pass = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, pass);
    const finish = (result) => {
      for (const signal of signals) process.removeListener(signal, pass);
      resolve(result);
    };
    child.once("error", (error) => finish({ error }));
    child.once("close", (code, signal) => finish({ code: signal === null ? code : 128 + signalNumber(signal) }));
    watch(child);
  });
}

function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1;
}

async function installPackages(fingerprint) {
  const progress = beginStep("installing packages");
  const output = [];
  const result = await run(
    process.platform === "win32" ? "npx.cmd" : "npx",
    ["--yes", `pnpm@${pnpmVersion}`, "install", "--frozen-lockfile", "--reporter=append-only"],
    { stdio: ["ignore", "pipe", "pipe"] },
    (child) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text) => {
          output.push(text);
          const counts = /resolved \d+, reused (\d+), downloaded (\d+)/.exec(text);
          if (counts !== null) progress.note(`${Number(counts[1]) + Number(counts[2])} packages`);
        });
      }
    },
  );
  if (result.code === 0) {
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, fingerprint);
    progress.done();
    return;
  }
  progress.failed();
  if (result.code > 128) process.exit(result.code);
  const log = output.join("");
  if (result.error !== undefined) fail(`Cannot run npx (${result.error.message}). Install npm, which brings it.`);
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|dns error|error sending request/i.test(
      log,
    )
  ) {
    fail(
      "The package registry cannot be reached. Check the network, or point npm at a mirror: npm config set registry URL",
    );
  }
  if (/EACCES|EROFS|ENOSPC|EPERM/.test(log)) {
    process.stderr.write(log);
    fail(`Packages cannot be written into ${join(root, "node_modules")}. Check its owner and the free space.`);
  }
  process.stderr.write(log);
  fail("Installing the packages failed; the lines above say why.");
}

/** npm does not take its script with it when it is killed outright; a stack that nobody can stop must not stay behind. */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) child.kill("SIGTERM");
  }, 1000).unref();
}

checkNode();
const [command, ...rest] = process.argv.slice(2);
if (!commands.includes(command)) fail(`Usage: node packages/local-stack/bootstrap.mjs ${commands.join("|")}`);

const fingerprint = fingerprintOfPackages();
if (!isInstalled(fingerprint)) await installPackages(fingerprint);

const script = join(root, "packages", "local-stack", "src", "commands", `${command}.ts`);
if (!existsSync(script)) fail(`There is no "${command}" command in this version.`);
const { code, error } = await run(
  pinnedNode,
  [script, ...rest],
  {
    // The channel carries no messages: the command sees it close when this process is killed.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
      // What was compiled once need not be again, by any process that the command starts: half of what starting costs them.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || join(root, "node_modules", ".cache", "compile"),
    },
  },
  endWithNpm,
);
if (error !== undefined) {
  fail(`The pinned Node cannot run (${error.message}). Delete node_modules and run the command again.`);
}
process.exitCode = code;
