import { readFileSync } from "node:fs";

const lookEveryMs = 200;

/** From now on the wall clock of this process is off by as many milliseconds as the file says; monotonic clocks are not. */
export function moveClock(offsetFile: string): void {
  let offsetMs = 0;
  const look = (): void => {
    try {
      offsetMs = Number(readFileSync(offsetFile, "utf8")) || 0;
    } catch {
      offsetMs = 0;
    }
  };
  look();
  setInterval(look, lookEveryMs).unref();
  const machineNow = Date.now.bind(Date);
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [machineNow() + offsetMs] : args, newTarget) as object,
    get: (target, name) => (name === "now" ? () => machineNow() + offsetMs : (Reflect.get(target, name) as unknown)),
  });
}
