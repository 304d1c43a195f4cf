/** Ends this process when its supervisor is gone: the supervisor holds the other end of standard input. */
export function exitWithParent(close: () => Promise<void>): void {
  process.stdin.resume();
  process.stdin.once("end", () => {
    void close().finally(() => process.exit(0));
  });
}
