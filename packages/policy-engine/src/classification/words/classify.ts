/**
 * Classifies a prompt by the words that people use for tasks and by its size and shape. Transparent rather than clever: every
 * point of a score is a cue that the receipt names. Looks at the beginning and the end of what was said last, where people
 * put what they want, and at the beginning of the instructions, so that it costs the same however long the prompt is.
 */
import { type Classify, type PromptSample, type TaskClass, taskClasses } from "../classification.ts";
import { commonWords, cueOf, demandWords } from "./cues.ts";

const headCharacters = 2_500;
const tailCharacters = 1_000;
const instructionCharacters = 1_000;
const mostCues = 5;
/** Below this nobody can say what it is. */
const leastScore = 2;
/** By less than this one class is not more likely than the next. */
const leastLead = 1;
const codeMarks = /```|[{};]\s*$|^\s*(?:def|class|import|function|const|select|public)\s/im;
const mathMarks = /[=<>^∑∫√]\s*\d|\d\s*[-+*/^]\s*\d|\\(?:frac|sum|int)\b/;
const listItem = /^\s*(?:[-*•]|\d+[.)])\s/gm;
const wordPattern = /[a-z]+/g;

interface Reading {
  readonly scores: { readonly [taskClass in TaskClass]: number };
  readonly cues: ReadonlyMap<string, number>;
  readonly demands: number;
  readonly words: number;
  readonly isEnglish: boolean;
}

export const classifyByWords: Classify = (prompt, traits) => {
  const text = sampleOf(prompt);
  const reading = readWords(text);
  if (reading.words === 0) return { taskClass: null, complexity: null, cues: [] };
  const isCode = codeMarks.test(text);
  const isMath = mathMarks.test(text);
  const scores = { ...reading.scores };
  if (isCode) scores.code += 3;
  if (isMath) scores.reasoning += 2;
  if (traits.jsonSchema) scores.extraction += 1;
  const taskClass = winnerOf(scores);
  // Of a language that is not known, how hard it is cannot be told from its words.
  if (taskClass === null && !reading.isEnglish && !isCode && !isMath) return { taskClass, complexity: null, cues: [] };
  const marks = [...(isCode ? ["a piece of code"] : []), ...(isMath ? ["a formula"] : [])];
  const named = [...reading.cues].toSorted((left, right) => right[1] - left[1]).map(([word]) => `"${word}"`);
  const demands = reading.demands + (text.match(listItem)?.length ?? 0);
  const parts = [
    { points: sizePoints(traits.inputTokensExpected), cue: `about ${traits.inputTokensExpected} tokens of input` },
    { points: Math.min(0.25, demands * 0.03), cue: `${demands} demands` },
    { points: taskClass === null ? 0.1 : basePoints[taskClass], cue: taskClass ?? "no task that is known" },
    { points: isCode ? 0.1 : 0, cue: "a piece of code" },
    { points: isMath ? 0.1 : 0, cue: "a formula" },
    { points: traits.tools ? 0.1 : 0, cue: "tools" },
    { points: Math.min(0.1, Math.max(0, prompt.turns - 2) * 0.01), cue: `${prompt.turns} messages` },
  ];
  const complexity = Math.min(
    1,
    parts.reduce((sum, { points }) => sum + points, 0),
  );
  const reasons = parts.filter(({ points }) => points >= 0.05).toSorted((left, right) => right.points - left.points);
  const cues = [...new Set([...marks, ...named.slice(0, mostCues), ...reasons.map(({ cue }) => cue)])];
  return { taskClass, complexity: Math.round(complexity * 100) / 100, cues };
};

/** How hard a task of the kind usually is. */
const basePoints: { readonly [taskClass in TaskClass]: number } = {
  chat: 0,
  classification: 0.05,
  translation: 0.1,
  extraction: 0.1,
  summarisation: 0.15,
  creative: 0.2,
  code: 0.25,
  reasoning: 0.3,
};

/** Nothing up to 32 tokens, and 0.04 for every doubling from there, up to 0.3. */
function sizePoints(tokens: number): number {
  return Math.min(0.3, Math.max(0, Math.log2(Math.max(1, tokens) / 32)) * 0.04);
}

function sampleOf({ instructions, lastMessage }: PromptSample): string {
  const head = lastMessage.slice(0, headCharacters);
  const tail = lastMessage.slice(Math.max(headCharacters, lastMessage.length - tailCharacters));
  return `${head}\n${tail}\n${instructions.slice(0, instructionCharacters)}`;
}

function readWords(text: string): Reading {
  const scores = Object.fromEntries(taskClasses.map((taskClass) => [taskClass, 0])) as Record<TaskClass, number>;
  const cues = new Map<string, number>();
  let demands = 0;
  let words = 0;
  let isEnglish = false;
  for (const word of text.toLowerCase().match(wordPattern) ?? []) {
    words += 1;
    isEnglish ||= commonWords.has(word);
    if (demandWords.has(word)) demands += 1;
    const cue = cueOf.get(word);
    // A word counts once: a text about code is not ten times more of a coding task than one that says so once.
    if (cue === undefined || cues.has(word)) continue;
    cues.set(word, cue.weight);
    scores[cue.taskClass] += cue.weight;
  }
  return { scores, cues, demands, words, isEnglish };
}

function winnerOf(scores: Readonly<Record<TaskClass, number>>): TaskClass | null {
  const [first, second] = taskClasses.toSorted((left, right) => scores[right] - scores[left]);
  if (first === undefined || second === undefined || scores[first] < leastScore) return null;
  return scores[first] - scores[second] >= leastLead ? first : null;
}
