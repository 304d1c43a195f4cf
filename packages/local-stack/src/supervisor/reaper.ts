/**
 * Makes sure that no child outlives this process, not even after kill -9: a small shell script holds the other end of a
 * pipe and ends the children when the pipe closes. It needs no help from the children, so it covers PostgreSQL too.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("reaper.sh", import.meta.url));

export class Reaper {
  readonly #members = new Map<number, NodeJS.Signals>();
  readonly #folder: string | undefined;
  #shell: ChildProcess;

  /** `folder`, if given, is deleted once this process and all members are gone. */
  constructor(folder?: string) {
    this.#folder = folder;
    this.#shell = this.#spawn();
  }

  get pid(): number | undefined {
    return this.#shell.pid;
  }

  /** From now on the process gets `signal`, and SIGKILL five seconds later, when this process is gone. */
  add(pid: number, signal: NodeJS.Signals): void {
    this.#members.set(pid, signal);
    this.#tell(`add ${pid} ${signal.slice("SIG".length)}`);
  }

  /** The process has ended; its number may soon belong to another. */
  drop(pid: number): void {
    this.#members.delete(pid);
    this.#tell(`drop ${pid}`);
  }

  #spawn(): ChildProcess {
    const shell = spawn("/bin/sh", [script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    shell.unref();
    // A pipe is a socket with unref, which its declared type does not say.
    (shell.stdin as unknown as { unref(): void }).unref();
    shell.stdin?.on("error", () => undefined);
    shell.once("exit", () => {
      this.#shell = this.#spawn();
      for (const [pid, signal] of this.#members) this.add(pid, signal);
    });
    this.#shell = shell;
    if (this.#folder !== undefined) this.#tell(`folder ${this.#folder}`);
    return shell;
  }

  #tell(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }
}
