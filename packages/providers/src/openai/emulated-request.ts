/** Requests that the gateway fulfils in part by itself, so that their answers cannot pass as they are. */
import { hasForbiddenNames, withAllowedNames } from "../emulation/allowed-tool-names.ts";
import { usesFunctions, withTools } from "../emulation/legacy-functions.ts";
import { stopsToCut } from "../emulation/stop-sequences.ts";
import { scanTopLevel } from "../json/scan-top-level.ts";
import { asksFor } from "../parameters/parameter-rules.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import type { OpenAiDialect } from "./dialect.ts";

type Fields = Readonly<Record<string, unknown>>;
type Emulations = Pick<OpenAiDialect, "mostStops" | "legacyFunctions" | "toolNames">;

const limits = { maxDepth: 64, maxKeys: Infinity };
/** What would no longer fit a text that is cut. */
const ofWholeText = ["logprobs", "top_logprobs"] as const;

/** The stop sequences that the gateway has to cut at; `request` is the client's. */
export function stopsBeyond(request: Fields, { mostStops }: Emulations): readonly string[] {
  return mostStops === null ? [] : stopsToCut(request, mostStops);
}

/** Whether the answer to a chat request has to be rewritten. */
export function isEmulated(request: Fields, dialect: Emulations): boolean {
  return (
    (!dialect.legacyFunctions && usesFunctions(request)) ||
    stopsBeyond(request, dialect).length > 0 ||
    hasForbiddenNames(request, dialect.toolNames)
  );
}

/** The request as the server takes it; the same one where nothing has to be emulated. */
export function withEmulation(request: RequestToEncode, dialect: Emulations, notes: TranslationNotes): RequestToEncode {
  if (request.operation !== "chat" || !isEmulated(request.parsed, dialect)) return request;
  if (asksFor(request.parsed, "n")) notes.reject("n");
  let parsed = withAllowedNames(withTools(request.parsed), dialect.toolNames, notes);
  if (stopsBeyond(parsed, dialect).length > 0) {
    for (const parameter of ofWholeText) if (asksFor(parsed, parameter)) notes.reject(parameter);
    const { stop: _stop, ...rest } = parsed;
    parsed = rest;
    notes.warn("stop", "emulated");
  }
  const body = encodeUtf8(JSON.stringify(parsed));
  const scan = scanTopLevel(body, limits);
  if (!scan.ok) throw new Error(`an emulated request is no JSON object: ${scan.message}`);
  return { ...request, body, members: scan.object, parsed };
}
