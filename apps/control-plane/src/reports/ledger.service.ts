import { Injectable } from "@nestjs/common";
import type { reportOperations } from "@switchyard/api-contract/reports";
import { formatUsd, parsePicoUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import type { z } from "zod";
import { instant } from "../database/instant.ts";
import type { Call } from "../operations/handles.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { LedgerRepository } from "./ledger.repository.ts";
import { wholeHours } from "./report-range.ts";

type LedgerSummary = z.infer<typeof reportOperations.ledger.response>;
type UncertainAttempts = z.infer<typeof reportOperations.uncertain.response>;

@Injectable()
export class LedgerService {
  readonly #ledger: LedgerRepository;
  readonly #names: ResourceNameRepository;

  constructor(ledger: LedgerRepository, names: ResourceNameRepository) {
    this.#ledger = ledger;
    this.#names = names;
  }

  async summarise(query: Call<typeof reportOperations.ledger>["query"]): Promise<LedgerSummary> {
    const range = wholeHours(query);
    const { settled, overrun, fees, corrected, ...counts } = await this.#ledger.sums(range, query);
    const amounts = [settled, overrun, fees, corrected].map(parsePicoUsd);
    return {
      from: instant(range.from),
      to: instant(range.to),
      ...counts,
      settledUsd: formatUsd(parsePicoUsd(settled)),
      overrunUsd: formatUsd(parsePicoUsd(overrun)),
      feesUsd: formatUsd(parsePicoUsd(fees)),
      correctedUsd: formatUsd(parsePicoUsd(corrected)),
      spendUsd: formatUsd(sumPicoUsd(amounts)),
    };
  }

  async listUncertain(query: Call<typeof reportOperations.uncertain>["query"]): Promise<UncertainAttempts> {
    const rows = await this.#ledger.listUncertain(wholeHours(query), query.limit);
    const nameOf = await this.#names.lookUp(rows.flatMap(({ connectionId, modelId }) => [connectionId, modelId]));
    return {
      items: rows.map(({ attemptId, requestId, startedAt, connectionId, modelId, usageSource, cost }) => ({
        attemptId,
        requestId,
        startedAt: instant(startedAt),
        connectionName: nameOf("connection", connectionId),
        providerModel: nameOf("model", modelId),
        usageSource,
        costUsd: formatUsd(parsePicoUsd(cost)),
      })),
    };
  }
}
