import { Injectable } from "@nestjs/common";
import type { System } from "@switchyard/api-contract/system";
import { z } from "zod";
import { instant } from "../database/instant.ts";
import { PolicyRevisionRepository } from "../policy-revisions/policy-revision.repository.ts";
import { productVersion } from "../product-version.ts";
import { IngestionRepository } from "../reports/ingestion.repository.ts";
import { GatewayProcessRepository } from "./gateway-process.repository.ts";
import { QueueCountsRepository } from "./queue-counts.repository.ts";
import { RollUpCheckRepository } from "./roll-up-check.repository.ts";

const longestProblem = 2_000;

/** What the worker writes into `differences`. */
const rollUpDifferences = z.array(z.object({ rollUp: z.string(), differing: z.int(), repaired: z.boolean() }));
const policyProblem = z.object({ revision: z.int(), problems: z.array(z.unknown()).default([]) });

@Injectable()
export class SystemService {
  readonly #gateways: GatewayProcessRepository;
  readonly #queues: QueueCountsRepository;
  readonly #revisions: PolicyRevisionRepository;
  readonly #ingestion: IngestionRepository;
  readonly #rollUpChecks: RollUpCheckRepository;

  constructor(
    gateways: GatewayProcessRepository,
    queues: QueueCountsRepository,
    revisions: PolicyRevisionRepository,
    ingestion: IngestionRepository,
    rollUpChecks: RollUpCheckRepository,
  ) {
    this.#gateways = gateways;
    this.#queues = queues;
    this.#revisions = revisions;
    this.#ingestion = ingestion;
    this.#rollUpChecks = rollUpChecks;
  }

  async get(): Promise<System> {
    const [policyRevision, gateways, queues, rollUps, lastIngestedAt, databaseBytes] = await Promise.all([
      this.#revisions.headNumber(),
      this.#gateways.list(),
      this.#queues.count(),
      this.#rollUps(),
      this.#ingestion.lastIngestedAt(),
      this.#gateways.databaseBytes(),
    ]);
    return {
      version: productVersion,
      policyRevision,
      gateways: gateways.map(({ startedAt, heartbeatAt, ...gateway }) => ({
        ...gateway,
        startedAt: instant(startedAt),
        heartbeatAt: instant(heartbeatAt),
        policyProblem: presentProblem(gateway.policyProblem),
      })),
      queues,
      rollUps,
      lastIngestedAt: instant(lastIngestedAt),
      databaseBytes,
    };
  }

  async #rollUps(): Promise<System["rollUps"]> {
    const [{ days, newest, oldest }, differing] = await Promise.all([
      this.#rollUpChecks.summarise(),
      this.#rollUpChecks.listDiffering(),
    ]);
    return {
      daysChecked: days,
      lastCheckedAt: instant(newest),
      allCheckedSince: instant(oldest),
      differing: differing.map(({ day, checkedAt, differences }) => ({
        day: day.toISOString().slice(0, 10),
        checkedAt: instant(checkedAt),
        differences: rollUpDifferences.parse(differences),
      })),
    };
  }
}

/** Why a gateway refused a revision, as one text. What it reports is data of another process, so it is read with care. */
function presentProblem(reported: unknown): { revision: number; message: string } | null {
  const parsed = policyProblem.safeParse(reported);
  if (!parsed.success) return null;
  const { revision, problems } = parsed.data;
  const lines = problems.map((problem) => {
    if (typeof problem === "string") return problem;
    const { path, message } = (problem ?? {}) as { path?: unknown; message?: unknown };
    return [path, message].filter((part) => typeof part === "string" && part !== "").join(": ");
  });
  return { revision, message: lines.join("; ").slice(0, longestProblem) };
}
