/**
 * Makes sure that no child outlives this process, not even after kill -9: a small shell script holds the other end of a
 * pipe and ends the children when the pipe closes. It needs no help from the children, so it covers PostgreSQL too.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("reaper.sh", import.meta.url));

export class Reaper {
  readonly #members = new Map<number, NodeJS.Signals>();
  #folder: string | null = null;
  #isClosed = false;
  #shell: ChildProcess = this.#spawn();

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

  /** The folder goes when this process and all members are gone. */
  deleteAtEnd(folder: string): void {
    this.#folder = folder;
    this.#tell(`folder ${folder}`);
  }

  /** Nothing is left to watch over. */
  close(): void {
    this.#isClosed = true;
    this.#shell.stdin?.end();
  }

  #spawn(): ChildProcess {
    const shell = spawn("/bin/sh", [script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    shell.unref();
    // A pipe is a socket with unref, which its declared type does not say.
    (shell.stdin as unknown as { unref(): void }).unref();
    shell.stdin?.on("error", () => undefined);
    shell.once("exit", () => {
      if (this.#isClosed) return;
      this.#shell = this.#spawn();
      if (this.#folder !== null) this.deleteAtEnd(this.#folder);
      for (const [pid, signal] of this.#members) this.add(pid, signal);
    });
    return shell;
  }

  #tell(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }
}
