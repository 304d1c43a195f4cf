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
};

const startingPoints: { readonly [type in Strategy["type"]]: Extract<Strategy, { type: type }> } = {
  weighted: { type: "weighted" },
  priority: { type: "priority" },
  cheapest: { type: "cheapest", expectedOutputTokens: 500 },
  fastest: { type: "fastest", explorePercent: 5 },
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
      return name;
    case "cheapest":
      return `${name}, for ${strategy.expectedOutputTokens.toLocaleString("en-US")} tokens of answer`;
    case "fastest":
      return `${name}, exploring with ${strategy.explorePercent} %`;
  }
}
