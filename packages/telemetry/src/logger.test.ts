import { describe, expect, it } from "vitest";
import { createLogger, withRequestId, type Logger, type LogLevel } from "./logger.ts";

interface Captured {
  readonly log: Logger;
  readonly lines: string[];
  readonly records: () => Record<string, unknown>[];
}

function capture(level: LogLevel = "info"): Captured {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLogger({ service: "gateway", version: "1.2.3", level, destination });
  return { log, lines, records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("createLogger", () => {
  it("writes one JSON line per event with level, ISO time, service, pid and version", () => {
    const { log, lines, records } = capture();
    log.info({ route: "chat", costPicoUsd: 12n }, "request ended");
    log.warn("plain");
    expect(lines.every((line) => line.endsWith("}\n") && line.indexOf("\n") === line.length - 1)).toBe(true);
    expect(records()[0]).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: "gateway",
      pid: process.pid,
      version: "1.2.3",
      route: "chat",
      costPicoUsd: "12",
      msg: "request ended",
    });
    expect(records()[1]).toMatchObject({ level: "warn", msg: "plain" });
  });

  it("honours its level", () => {
    const { log, lines } = capture("warn");
    log.info("no");
    log.error("yes");
    expect(lines).toHaveLength(1);
    expect(log.isLevelEnabled("info")).toBe(false);
  });

  it("keeps a canary out of every place a caller could put it", () => {
    const { log, lines } = capture("trace");
    const key = "sk-sy-CANARYabcdef_0123456789";
    const error = new Error(`refused ${key}`, { cause: Object.assign(new Error(key), { code: key, config: key }) });
    log.info(key);
    log.info({ note: key, password: "CANARY", [key]: 1 }, `message ${key}`);
    log.info("%s and %o and %j", key, { token: "CANARY" }, [{ secret: "CANARY" }]);
    log.info({ a: 1 }, "%s %d", key, 5);
    log.info("%o", new Map([["password", "CANARY"]]));
    log.error(error);
    log.error({ err: error });
    log.error({ error, cause: error }, error.message);
    log.fatal(error, "with %s", key);
    log.info({ headers: new Headers({ authorization: "Basic CANARY" }), body: Buffer.from("CANARY") });
    log.info([key, { cookie: "CANARY" }] as object);
    const child = log.child({ apiKey: "CANARY", note: key });
    child.debug({ credential: "CANARY" }, "child");
    child.child({ cookie: "CANARY" }).trace(key);
    child.setBindings({ sessionToken: "CANARY" });
    child.info("after");
    expect(lines).toHaveLength(14);
    expect(lines.join("")).not.toContain("CANARY");
    expect(lines.join("")).toContain("[redacted]");
  });

  it("logs an error as type, code, message, stack and cause", () => {
    const { log, records } = capture();
    log.error(
      Object.assign(new TypeError("broke", { cause: new Error("why") }), { code: "E1", request: { body: "x" } }),
    );
    const { err, msg } = records()[0] as { err: Record<string, unknown>; msg: string };
    expect(Object.keys(err)).toEqual(["type", "code", "message", "stack", "cause"]);
    expect(err).toMatchObject({ type: "TypeError", code: "E1", message: "broke", cause: { message: "why" } });
    expect(msg).toBe("broke");
  });

  it("cannot be made to forge a line or to hide one", () => {
    const { log, lines, records } = capture();
    const hostile = '\n{"level":50}\r\n\u001b[2J\u2028\u0000\u202e';
    log.info({ model: hostile, [hostile]: hostile }, hostile);
    log.child({ user: hostile }).info({ level: "fatal", time: "never", pid: 1, service: "other", msg: "lie" }, "truth");
    expect(lines).toHaveLength(2);
    // oxlint-disable-next-line no-control-regex
    expect(lines.join("")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
    expect(records()[1]).toMatchObject({
      level: "info",
      service: "gateway",
      pid: process.pid,
      msg: "truth",
      level_: "fatal",
    });
    expect(lines[1]?.match(/"level":/g)).toHaveLength(1);
  });

  it("caps a field at 2 KiB and a line at 16 KiB, at the limit and beyond", () => {
    const { log, lines, records } = capture();
    for (const length of [2_047, 2_048, 2_049, 1_000_000]) log.info({ field: "x".repeat(length) }, "y".repeat(length));
    const lengths = records().map(({ field, msg }) => [(field as string).length, (msg as string).length]);
    expect(lengths.slice(0, 2)).toEqual([
      [2_047, 2_047],
      [2_048, 2_048],
    ]);
    expect(lengths.flat().every((length) => length <= 2_048)).toBe(true);

    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, '"\\'.repeat(900)]));
    log.info(wide, "wide");
    let nested: Logger = log;
    for (let depth = 0; depth < 30; depth += 1) nested = nested.child({ [`binding${depth}`]: "漢".repeat(600) });
    nested.child({ requestId: "r1" }).error({ a: "b" }, "many bindings");
    expect(lines.every((line) => Buffer.byteLength(line) <= 16_384)).toBe(true);
    expect(records().at(-1)).toMatchObject({
      isTruncated: true,
      level: "error",
      requestId: "r1",
      msg: "many bindings",
    });
  });

  it("survives whatever it is handed", () => {
    const { log, lines } = capture();
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("no");
        },
        ownKeys() {
          throw new Error("no");
        },
      },
    );
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    const odd = [hostile, cyclic, null, undefined, 5, true, 7n, Symbol("s"), [], new Map(), () => 1];
    for (const value of odd) {
      log.info(value as object);
      log.info({ value }, "x");
      log.info("%s", value);
      log.child({ value }).info("y");
    }
    expect(lines).toHaveLength(odd.length * 4);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

describe("withRequestId", () => {
  it("puts the id on every line", () => {
    const { log, records } = capture();
    const requestLog = withRequestId(log, "0199f1a2-7f3c-7abc-8def-0123456789ab");
    requestLog.info("one");
    requestLog.child({ attempt: 2 }).info("two");
    expect(records().map((record) => record["requestId"])).toEqual(
      Array(2).fill("0199f1a2-7f3c-7abc-8def-0123456789ab"),
    );
  });
});
