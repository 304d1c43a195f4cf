/** Words that speak for a task. English only: a prompt in another language has few of them, and the classifier abstains. */
import type { TaskClass } from "../classification.ts";

interface Cue {
  readonly taskClass: TaskClass;
  readonly weight: number;
}

const strong = 3;
const weak = 1;

const words: readonly (readonly [TaskClass, number, string])[] = [
  ["extraction", strong, "extract extracting parse"],
  ["extraction", weak, "fields entities names dates addresses invoice amounts table find list"],
  ["summarisation", strong, "summarise summarize summary summaries tldr abstract condense"],
  ["summarisation", weak, "shorten brief overview digest minutes highlights bullet"],
  [
    "code",
    strong,
    "refactor debug stacktrace traceback typescript javascript python rust golang sql regex compile unittest",
  ],
  ["code", weak, "code function class method bug implement api script query repository test exception variable error"],
  ["translation", strong, "translate translation translating"],
  ["translation", weak, "german french spanish italian english chinese japanese portuguese polish dutch"],
  ["reasoning", strong, "prove proof theorem derive deduce solve optimise optimize"],
  [
    "reasoning",
    weak,
    "why because compare tradeoffs analyse analyze plan strategy calculate probability equation step explain",
  ],
  ["creative", strong, "poem story haiku lyrics novel slogan tagline limerick"],
  ["creative", weak, "write creative imagine character plot style tone headline blog"],
  ["classification", strong, "classify classification categorise categorize label sentiment"],
  ["classification", weak, "category categories labels positive negative spam intent which topic"],
  ["chat", strong, "hello hi hey thanks"],
  ["chat", weak, "please you today how tell"],
];

export const cueOf: ReadonlyMap<string, Cue> = new Map(
  words.flatMap(([taskClass, weight, list]) => list.split(" ").map((word) => [word, { taskClass, weight }] as const)),
);

/** Words that hardly any English sentence does without, and hardly any other language has. */
export const commonWords: ReadonlySet<string> = new Set(
  "the of and is are this that with from for how what you".split(" "),
);

/** What asks for several things at once, or for care. */
export const demandWords: ReadonlySet<string> = new Set(
  "must should ensure constraint constraints requirements exactly except unless step steps then finally also never always".split(
    " ",
  ),
);
