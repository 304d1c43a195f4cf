/** Strategies in the words of the page, and what one starts from when it is chosen. */
import type { Route } from "@switchyard/api-contract/routes";

export type Strategy = Route["strategy"];

interface StrategyWords {
  readonly name: string;
  readonly description: string;
}

export const strategyWords: { readonly [type in Strategy["type"]]: StrategyWords } = {
  weighted: { name: "Weighted", description: "Each target gets its share of the calls." },
  priority: { name: "In order", description: "The first target that can serve the call; the others are fallbacks." },
  cheapest: { name: "Cheapest", description: "The target that this very call is expected to cost least on." },
  fastest: { name: "Fastest", description: "The faster of two targets, by how soon their recent answers began." },
  sticky: {
    name: "Sticky",
    description: "The same target for one session or user, whose prompt the provider has cached.",
  },
  experiment: {
    name: "Experiment",
    description: "An A/B test: each user or session is in one variant, by the weights.",
  },
  canary: {
    name: "Canary",
    description: "A share of the calls for the last target; the others in order for the rest.",
  },
  cascade: {
    name: "Cascade",
    description: "The first target, and the next one where its answer is not good enough. Both are paid for.",
  },
  complexity: {
    name: "Complexity",
    description: "Easy calls to the first target, the hardest to the last, by what the prompt asks for.",
  },
  adaptive: {
    name: "Adaptive",
    description: "The target where a success costs least, learned from what came of earlier calls.",
  },
  first_match: { name: "By condition", description: "The first group that a call is meant for, and no other." },
};

/** What calls are told apart by. */
export const keyWords = { session: "session", user: "user", virtual_key: "virtual key" } as const;

const startingPoints: { readonly [type in Strategy["type"]]: Extract<Strategy, { type: type }> } = {
  weighted: { type: "weighted" },
  priority: { type: "priority" },
  cheapest: { type: "cheapest", expectedOutputTokens: 500 },
  fastest: { type: "fastest", explorePercent: 5 },
  sticky: { type: "sticky", by: "session" },
  experiment: { type: "experiment", name: "A or B", assignBy: "user" },
  canary: { type: "canary", percent: 5 },
  cascade: { type: "cascade", refusals: false },
  complexity: { type: "complexity", boundaries: [0.4], whenUnsure: "hardest" },
  adaptive: { type: "adaptive", explorePercent: 10, successPercentAtLeast: 80 },
  first_match: { type: "first_match" },
};

/** The strategy that a choice in the list stands for. */
export function strategyOf(type: string): Strategy | null {
  return Object.values(startingPoints).find((strategy) => strategy.type === type) ?? null;
}

export function describeStrategy(strategy: Strategy): string {
  const { name } = strategyWords[strategy.type];
  switch (strategy.type) {
    case "weighted":
    case "priority":
    case "first_match":
      return name;
    case "cascade":
      return [
        name,
        ...(strategy.refusals ? ["on refusals too"] : []),
        ...(strategy.meanLogprobAtLeast === undefined ? [] : [`below ${strategy.meanLogprobAtLeast} a token`]),
        ...(strategy.charactersAtLeast === undefined ? [] : [`below ${strategy.charactersAtLeast} characters`]),
      ].join(", ");
    case "complexity":
      return `${name}, divided at ${strategy.boundaries.join(", ")}; unsure ones to the ${strategy.whenUnsure}`;
    case "adaptive":
      return `${name}, exploring with ${strategy.explorePercent} %, at least ${strategy.successPercentAtLeast} % successes`;
    case "cheapest":
      return `${name}, for ${strategy.expectedOutputTokens.toLocaleString("en-US")} tokens of answer`;
    case "fastest":
      return `${name}, by p${strategy.percentile ?? 50}, exploring with ${strategy.explorePercent} %`;
    case "sticky":
      return `${name}, by ${keyWords[strategy.by]}`;
    case "experiment":
      return `${name} “${strategy.name}”, by ${keyWords[strategy.assignBy]}`;
    case "canary":
      return `${name}, ${strategy.percent} %${strategy.ramp === undefined ? "" : `, moving to ${strategy.ramp.percent} %`}`;
  }
}
