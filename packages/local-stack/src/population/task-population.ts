/** Tasks whose outcomes are known before anybody is asked: how often each target succeeds at which kind, and what it costs. */
import { type TaskClass } from "@switchyard/policy-engine/classification/classification";
import { SeededDraws } from "@switchyard/policy-engine/routing/seeded-draws";

export const targetNames = ["small", "middle", "large"] as const;

/** Pico-USD of one token of input and of output: what small, middle and large models cost on public lists. */
export const tokenPrices: readonly (readonly [input: number, output: number])[] = [
  [150_000, 600_000],
  [800_000, 4_000_000],
  [3_000_000, 15_000_000],
];

interface Kind {
  readonly taskClass: TaskClass;
  /** Of a hundred tasks. */
  readonly share: number;
  readonly outputTokens: number;
  /** The share that each target succeeds at; every population has its own, up to `spread` away. */
  readonly successes: readonly [small: number, middle: number, large: number];
}

const kinds: readonly Kind[] = [
  { taskClass: "chat", share: 30, outputTokens: 150, successes: [0.95, 0.97, 0.98] },
  { taskClass: "extraction", share: 25, outputTokens: 200, successes: [0.87, 0.93, 0.96] },
  { taskClass: "summarisation", share: 15, outputTokens: 300, successes: [0.88, 0.94, 0.96] },
  { taskClass: "code", share: 20, outputTokens: 600, successes: [0.45, 0.86, 0.94] },
  { taskClass: "reasoning", share: 10, outputTokens: 800, successes: [0.25, 0.6, 0.9] },
];
const spread = 0.05;

export interface Task {
  readonly taskClass: TaskClass;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** From 0 to 1: a target succeeds where its share is above it, so that what the best fails at, the others fail at too. */
  readonly difficulty: number;
  /** Whether a check would see that an answer is wrong, and whether it would take a right one for wrong. */
  readonly isFlawSeen: boolean;
  readonly isFalseAlarm: boolean;
  /** Whether anybody says afterwards how the answer was. */
  readonly hasFeedback: boolean;
}

export interface Population {
  readonly tasks: readonly Task[];
  /** By kind, of each target. */
  readonly successes: ReadonlyMap<TaskClass, readonly number[]>;
}

/** What validation and confidence see of wrong answers, and take right ones for, in hundredths; how many tasks get feedback. */
export const flawsSeenPercent = 85;
export const falseAlarmPercent = 3;
export const feedbackPercent = 30;

/** The same seed gives the same tasks. */
export function drawPopulation(size: number, seed: number): Population {
  const draws = new SeededDraws(seed);
  const unit = (): number => draws.below(2 ** 32) / 2 ** 32;
  const successes = new Map(
    kinds.map(({ taskClass, successes: base }) => {
      const moved = base.map((share) => Math.min(0.99, share + (2 * unit() - 1) * spread));
      return [taskClass, moved.toSorted((left, right) => left - right)];
    }),
  );
  const tasks = Array.from({ length: size }, (): Task => {
    const { taskClass, outputTokens } = kindAt(draws.below(100));
    return {
      taskClass,
      inputTokens: 200 + draws.below(2_000),
      outputTokens: Math.round(outputTokens * (0.5 + unit())),
      difficulty: unit(),
      isFlawSeen: draws.below(100) < flawsSeenPercent,
      isFalseAlarm: draws.below(100) < falseAlarmPercent,
      hasFeedback: draws.below(100) < feedbackPercent,
    };
  });
  return { tasks, successes };
}

function kindAt(drawn: number): Kind {
  let end = 0;
  const found = kinds.find(({ share }) => {
    end += share;
    return drawn < end;
  });
  if (found === undefined) throw new RangeError("the shares of the kinds do not add up to a hundred");
  return found;
}

export function succeeds({ successes }: Population, { taskClass, difficulty }: Task, target: number): boolean {
  return difficulty < (successes.get(taskClass)?.[target] ?? 0);
}

export function costOf({ inputTokens, outputTokens }: Task, target: number): number {
  const [input, output] = tokenPrices[target] ?? [0, 0];
  return inputTokens * input + outputTokens * output;
}
