/** What becomes of a parameter that a provider has nothing for: data per kind (wire formats 1.2 and 2). */

/**
 * `drop`: a hint, left out with a warning. `reject`: client code depends on it, so the call is refused. `rename`: the
 * provider spells it so.
 */
export type ParameterRule = "drop" | "reject" | { readonly rename: string };

/**
 * What a client wants to become of parameters that a provider lacks. `default`: hints are dropped with a warning, and
 * what client code depends on is refused; `strict`: both are refused; `warn`: both are dropped with a warning;
 * `ignore`: both are dropped.
 */
export const parameterModes = ["default", "strict", "warn", "ignore"] as const;
export type ParameterMode = (typeof parameterModes)[number];

export type ParameterRules = { readonly [parameter: string]: ParameterRule };

/** Values that ask for what happens anyway; a provider that lacks the parameter does the same without it. */
const neutralValues: { readonly [parameter: string]: (value: unknown) => boolean } = {
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  parallel_tool_calls: (value) => value === true,
  tool_choice: (value) => value === "auto",
  response_format: (value) => typeOf(value) === "text",
  modalities: (value) => Array.isArray(value) && value.every((modality) => modality === "text"),
  stop: (value) => Array.isArray(value) && value.length === 0,
  tools: (value) => Array.isArray(value) && value.length === 0,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  store: (value) => value === false,
  service_tier: (value) => value === "auto",
};

/** Whether a request asks for anything by this parameter. */
export function asksFor(parsed: Readonly<Record<string, unknown>>, parameter: string): boolean {
  const value = Object.hasOwn(parsed, parameter) ? parsed[parameter] : null;
  if (value === undefined || value === null) return false;
  return neutralValues[parameter]?.(value) !== true;
}

/** What of a request is neither translated nor neutral: refused where the rules say so, otherwise dropped. */
export function noteMissingParameters(
  parsed: Readonly<Record<string, unknown>>,
  rules: ParameterRules,
  translated: ReadonlySet<string>,
  notes: MissingNotes,
): void {
  for (const parameter in parsed) {
    if (translated.has(parameter) || !asksFor(parsed, parameter)) continue;
    const isContract = Object.hasOwn(rules, parameter) && rules[parameter] === "reject";
    if (isContract) notes.reject(parameter);
    else notes.warn(parameter, "dropped");
  }
}

interface MissingNotes {
  warn(parameter: string, action: string): void;
  reject(parameter: string): void;
}

/** A line of `x-switchyard-warnings`. */
export function parameterWarning(parameter: string, action: string, provider: string): string {
  return `param=${parameter}; action=${action}; provider=${provider}`;
}

function typeOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (value as { readonly type?: unknown }).type : undefined;
}
