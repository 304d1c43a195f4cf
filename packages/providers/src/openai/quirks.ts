/** What an admin may say of one server that speaks OpenAI's protocol, over what is known of its kind. */
import type { ParameterRule } from "../parameters/parameter-rules.ts";
import { openAiToolNames } from "../parameters/tool-names.ts";
import type { OpenAiDialect } from "./dialect.ts";

/** `pass` sends a parameter as it is, whatever the kind's own rule. */
type ParameterQuirk = ParameterRule | "pass";

/** Which names tools may have: `any`; or `plain`, those that OpenAI takes, and others are changed and restored. */
type ToolNamesQuirk = "any" | "plain";

/** The settings of a dialect that may be overridden, and rules of single parameters. What is absent stays the kind's. */
export interface OpenAiQuirks {
  readonly outputCapField?: OpenAiDialect["outputCapField"] | undefined;
  readonly otherCapField?: OpenAiDialect["otherCapField"] | undefined;
  readonly developerRole?: boolean | undefined;
  readonly stopAsString?: boolean | undefined;
  readonly streamOptions?: boolean | undefined;
  readonly responses?: boolean | undefined;
  readonly toolNames?: ToolNamesQuirk | undefined;
  readonly parameters?: { readonly [parameter: string]: ParameterQuirk } | undefined;
}

/** The same settings as a kind has them, each of them said. */
export type QuirkDefaults = Pick<
  OpenAiDialect,
  "outputCapField" | "otherCapField" | "developerRole" | "stopAsString" | "streamOptions" | "responses" | "parameters"
> & { readonly toolNames: ToolNamesQuirk };

export function quirkDefaultsOf(dialect: OpenAiDialect): QuirkDefaults {
  const { outputCapField, otherCapField, developerRole, stopAsString, streamOptions, responses, parameters } = dialect;
  const toolNames = dialect.toolNames === null ? "any" : "plain";
  return {
    outputCapField,
    otherCapField,
    developerRole,
    stopAsString,
    streamOptions,
    responses,
    toolNames,
    parameters,
  };
}

const toolNameRules = { any: null, plain: openAiToolNames } as const;

/** The dialect of one server: the kind's, with what the quirks say in its place. */
export function withQuirks(dialect: OpenAiDialect, quirks: OpenAiQuirks): OpenAiDialect {
  const rules: { [parameter: string]: ParameterRule } = { ...dialect.parameters };
  for (const [parameter, quirk] of Object.entries(quirks.parameters ?? {})) {
    if (quirk === "pass") delete rules[parameter];
    else rules[parameter] = quirk;
  }
  return {
    ...dialect,
    // Who says what becomes of it means it as it is.
    thinking: Object.hasOwn(quirks.parameters ?? {}, "reasoning_effort") ? null : dialect.thinking,
    outputCapField: quirks.outputCapField ?? dialect.outputCapField,
    otherCapField: quirks.otherCapField ?? dialect.otherCapField,
    developerRole: quirks.developerRole ?? dialect.developerRole,
    stopAsString: quirks.stopAsString ?? dialect.stopAsString,
    streamOptions: quirks.streamOptions ?? dialect.streamOptions,
    responses: quirks.responses ?? dialect.responses,
    toolNames: quirks.toolNames === undefined ? dialect.toolNames : toolNameRules[quirks.toolNames],
    parameters: rules,
  };
}
