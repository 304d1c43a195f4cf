import { isDeepStrictEqual } from "node:util";
import { errorRegistry, type ErrorCode } from "../../src/errors/error-registry.ts";
import type { Reading } from "./reading.ts";
import type { ExpectedAnswer, ExpectedFailure } from "./recording.ts";

/** What an SDK read otherwise than it should have, a line each. */
export function compareAnswer(reading: Reading, { verdict: _verdict, usage, ...told }: ExpectedAnswer): string[] {
  return [
    ...compareFields(reading, { ...told, error: null }),
    ...(usage === undefined ? [] : compareFields(reading.usage ?? {}, usage)),
  ];
}

/** The same for a failure. */
export function compareFailure(
  reading: Reading,
  { text = "", status, code, retryAfterSeconds }: ExpectedFailure,
): string[] {
  const told = reading.error?.status;
  // What breaks before anything of it was passed on is answered with a status; later there is only the event.
  const isLate = told === null || told === 200;
  const wantedStatus = status ?? (isLate ? told : errorRegistry[code as ErrorCode].status);
  return [
    ...compareFields(reading.error ?? {}, { code, status: wantedStatus, retryAfterSeconds }),
    ...compareFields(reading, { text: isLate ? text : "" }),
    ...(reading.finish === null || reading.finish === "error" ? [] : [`finish: ${reading.finish} for a failure`]),
  ];
}

function compareFields(told: object, wanted: object): string[] {
  const fields = told as Readonly<Record<string, unknown>>;
  return Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && !isDeepStrictEqual(fields[name], value))
    .map(([name, value]) => `${name}: ${JSON.stringify(fields[name])} instead of ${JSON.stringify(value)}`);
}
