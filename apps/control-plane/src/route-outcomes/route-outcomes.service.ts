import { Injectable } from "@nestjs/common";
import type { RouteOutcomes, TargetOutcomes } from "@switchyard/api-contract/route-outcomes";
import { costOfSuccess } from "@switchyard/metering/cost-of-success";
import { formatUsd, parsePicoUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { instant } from "../database/instant.ts";
import { wholeHours } from "../reports/report-range.ts";
import { RouteOutcomesRepository, type TargetSums } from "./route-outcomes.repository.ts";

@Injectable()
export class RouteOutcomesService {
  readonly #repository: RouteOutcomesRepository;

  constructor(repository: RouteOutcomesRepository) {
    this.#repository = repository;
  }

  /** Of whole hours, as every report is. A route that has had no calls, or is gone, has empty outcomes. */
  async get(routeId: string, asked: { readonly from: string; readonly to: string }): Promise<RouteOutcomes> {
    const range = wholeHours(asked);
    const [tasks, targets] = await Promise.all([
      this.#repository.tasks(routeId, range),
      this.#repository.targets(routeId, range),
    ]);
    const cost = costOfSuccess({
      calls: BigInt(tasks.calls),
      successes: BigInt(tasks.successes),
      costPicoUsd: BigInt(tasks.cost),
      costSquared: BigInt(tasks.costSquared),
      successCostPicoUsd: BigInt(tasks.successCost),
    });
    const interval = cost?.interval ?? null;
    return {
      from: instant(range.from),
      to: instant(range.to),
      calls: Number(tasks.calls),
      successes: Number(tasks.successes),
      costUsd: formatUsd(sumPicoUsd(targets.map((target) => parsePicoUsd(target.cost)))),
      costPerSuccessUsd: cost === null ? null : formatUsd(cost.perSuccessPicoUsd),
      costPerSuccessInterval:
        interval === null ? null : { lowUsd: formatUsd(interval.lowPicoUsd), highUsd: formatUsd(interval.highPicoUsd) },
      escalated: Number(tasks.escalated),
      rescued: Number(tasks.rescued),
      targets: targets.map(outcomesOf),
    };
  }
}

function outcomesOf({ cost, disliked, answerMs, ratingPermille, ...sums }: TargetSums): TargetOutcomes {
  const answers = sums.successes + sums.refused + sums.invalid;
  return {
    ...sums,
    answers,
    successes: Math.max(0, sums.successes - disliked),
    meanAnswerMs: answers === 0 ? null : answerMs / answers,
    costUsd: formatUsd(parsePicoUsd(cost)),
    meanScore: sums.ratings === 0 ? null : ratingPermille / sums.ratings / 1_000,
  };
}
