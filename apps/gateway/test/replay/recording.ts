/**
 * What a provider's server answered once: a head that says what it was asked and what a client must read, a line of three
 * dashes, and then the body, byte for byte. Recordings are files in `recordings/<kind>/`, so that a new one is a new file.
 */
import { readFileSync, readdirSync } from "node:fs";
import { z } from "zod";
import { encodeFrames } from "./event-frames.ts";

const usage = z.strictObject({
  /** All input, cached or not. */
  input: z.int(),
  /** All output, reasoning included. */
  output: z.int(),
  cached: z.int().optional(),
  reasoning: z.int().optional(),
});

const answer = z.strictObject({
  text: z.string().default(""),
  reasoning: z.string().optional(),
  tools: z.array(z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).default([]),
  finish: z.enum(["stop", "length", "tool_calls", "content_filter"]),
  refusal: z.string().optional(),
  usage: usage.optional(),
  /** How the gateway judges it, where that does not follow from the rest. */
  verdict: z.string().optional(),
});

const failure = z.strictObject({
  /** What came before the stream broke; absent where nothing did, and the client gets a status. */
  text: z.string().optional(),
  status: z.int().optional(),
  code: z.string(),
  retryAfterSeconds: z.int().optional(),
});

const headSchema = z.strictObject({
  asks: z.enum(["plain", "stream"]),
  /** The body is a line of JSON for each frame of an Amazon event stream (event-frames.ts), which is no text itself. */
  isFramed: z.boolean().default(false),
  /** The protocol that it is in, where a kind speaks more than one; its own readers alone ask for it then. */
  speaks: z.enum(["responses"]).optional(),
  status: z.int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** What a client reads: an answer, or a failure. */
  reads: answer.optional(),
  fails: failure.optional(),
  /** Readers that do not understand it when they ask the provider itself either. */
  skips: z.array(z.string()).default([]),
});

export type ExpectedAnswer = z.infer<typeof answer>;
export type ExpectedFailure = z.infer<typeof failure>;

export interface Recording extends z.infer<typeof headSchema> {
  /** `<kind>/<name>` */
  readonly id: string;
  readonly kind: string;
  readonly body: Buffer;
}

const folder = new URL("recordings/", import.meta.url);
const separator = Buffer.from("\n---\n");

/** Every recording there is, by kind and name. */
export function readRecordings(): readonly Recording[] {
  const kinds = readdirSync(folder).toSorted();
  return kinds.flatMap((kind) =>
    readdirSync(new URL(`${kind}/`, folder))
      .toSorted()
      .map((file) => readRecording(kind, file)),
  );
}

function readRecording(kind: string, file: string): Recording {
  const bytes = readFileSync(new URL(`${kind}/${file}`, folder));
  const at = bytes.indexOf(separator);
  if (at < 0) throw new Error(`${kind}/${file} has no line of three dashes`);
  const head = headSchema.parse(JSON.parse(bytes.subarray(0, at).toString()));
  const body = bytes.subarray(at + separator.length);
  return {
    ...head,
    headers: { "content-type": contentTypeOf(head), ...head.headers },
    id: `${kind}/${file.replace(/\.recording$/, "")}`,
    kind,
    body: head.isFramed ? encodeFrames(body.toString()) : body,
  };
}

function contentTypeOf({ asks, status, isFramed }: z.infer<typeof headSchema>): string {
  if (asks !== "stream" || status !== 200) return "application/json";
  return isFramed ? "application/vnd.amazon.eventstream" : "text/event-stream";
}
