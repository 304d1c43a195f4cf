import { format } from "node:util";
import pino, { type DestinationStream, type LogFn, type Logger as PinoLogger } from "pino";
import { redactFields, redactText, redactValue } from "./redact-value.ts";

/** A structured logger: `log.info({ fields }, "message")`. It is a pino logger, so Fastify and Nest adapters accept it. */
export type Logger = PinoLogger;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

export interface LoggerOptions {
  /** Which process writes: gateway, control-plane, worker, … */
  readonly service: string;
  readonly level?: LogLevel;
  readonly version?: string;
  /** Where the lines go; standard output unless a test says otherwise. */
  readonly destination?: DestinationStream;
}

const largestRecordBytes = 16 * 1024;
const baseNames = ["level", "time", "service", "pid", "version", "msg"] as const;

/**
 * A logger that writes one JSON line per event and keeps secrets out of it: every field, message, error and child binding
 * passes through redaction before pino serialises it. A field takes at most 2 KiB, a line at most 16 KiB. Lines reach
 * standard output in batches, at least four times a second and on exit; a signal that nobody handles loses the last quarter second.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, version, level = "info", destination = standardOutput() } = options;
  const logger = pino(
    {
      level,
      base: { service, pid: process.pid, ...(version === undefined ? {} : { version }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are redacted plain data by the time pino sees them.
      serializers: { err: (error: unknown) => error },
      hooks: { logMethod: writeRedacted, streamWrite: capRecord },
    },
    destination,
  );
  return withRedactedBindings(logger);
}

/** A logger whose every line carries the request's id. One line per request is cheaper with `requestId` as a field. */
export function withRequestId(logger: Logger, requestId: string): Logger {
  return logger.child({ requestId });
}

/** What pino asks for besides, where it has to know that its lines are out. */
interface BufferedDestination extends DestinationStream {
  flush(done?: (error?: Error) => void): void;
  flushSync(): void;
}

function standardOutput(): DestinationStream {
  // Each write wakes a thread, which costs more than a line does: on a busy process one write carries twenty lines. At most
  // 16 KiB go out at once, so more would be no gain.
  const stream = pino.destination({
    dest: 1,
    sync: false,
    minLength: 15 * 1024,
    periodicFlush: 250,
    maxLength: 16 * 1024 * 1024,
    contentMode: "buffer",
  });
  const bytes = stream as unknown as { write(line: Buffer): boolean };
  const destination: BufferedDestination = {
    // Of text it would measure all that waits anew with every line, which cost a call as much memory as the line twelve times over.
    write: (line) => void bytes.write(Buffer.from(line)),
    flush: (done) => stream.flush(done),
    flushSync: () => stream.flushSync(),
  };
  return destination;
}

function writeRedacted(this: Logger, inputs: readonly unknown[], method: LogFn): void {
  const [first, ...rest] = inputs;
  const hasFields = typeof first === "object" && first !== null;
  const message = messageOf(hasFields ? rest : inputs);
  if (!hasFields) {
    method.call(this, {}, message);
    return;
  }
  const fields = withoutBaseNames(redactFields(first instanceof Error ? { err: first } : first));
  method.call(this, fields, message);
}

function messageOf(parts: readonly unknown[]): string | undefined {
  const [template, ...values] = parts;
  if (template === undefined) return undefined;
  const text = typeof template === "string" ? template : String(formattable(template));
  // Values go through redaction on their own: by the time they are text, a field name no longer protects them.
  return redactText(values.length === 0 ? text : format(text, ...values.map(formattable)));
}

function formattable(value: unknown): unknown {
  const safe = redactValue(value);
  return typeof safe === "object" ? JSON.stringify(safe) : safe;
}

// A field must not stand in for what the logger itself says about the line.
function withoutBaseNames(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name of baseNames) {
    if (name in fields) {
      fields[`${name}_`] = fields[name];
      delete fields[name];
    }
  }
  return fields;
}

interface Bindable {
  child: (this: Bindable, bindings: object, options?: object) => Bindable;
  setBindings: (this: Bindable, bindings: object) => void;
}

// pino serialises bindings when a child is made, past every hook; descendants inherit these two methods.
function withRedactedBindings(logger: Logger): Logger {
  const bindable = logger as unknown as Bindable;
  const { child, setBindings } = bindable;
  bindable.child = function (bindings, options) {
    return child.call(this, { ...withoutBaseNames(redactFields(bindings)) }, options);
  };
  bindable.setBindings = function (bindings) {
    setBindings.call(this, { ...withoutBaseNames(redactFields(bindings)) });
  };
  return logger;
}

// Redaction bounds a line already; this catches what it cannot see: many bindings, or text that escapes to far more bytes.
function capRecord(line: string): string {
  if (line.length * 3 <= largestRecordBytes || Buffer.byteLength(line) <= largestRecordBytes) return line;
  const record: Record<string, unknown> = JSON.parse(line);
  const kept: Record<string, unknown> = { isTruncated: true };
  for (const name of [...baseNames, "requestId"]) {
    const value = record[name];
    if (value !== undefined) kept[name] = typeof value === "string" ? value.slice(0, 1_000) : value;
  }
  return `${JSON.stringify(kept)}\n`;
}
