import { Injectable } from "@nestjs/common";
import type { Preview, whatIfOperations } from "@switchyard/api-contract/what-if";
import { inputTokenMeters, outputTokenMeters, totalQuantity, type Usage } from "@switchyard/metering/meters";
import { formatUsd, parseUsd } from "@switchyard/metering/pico-usd";
import { priceUsage } from "@switchyard/metering/price-usage";
import { type TaskClass, taskClasses } from "@switchyard/policy-engine/classification/classification";
import type { CallerFacts } from "@switchyard/policy-engine/conditions/holds";
import { type PolicyRevision, policyRevisionSchema } from "@switchyard/policy-engine/policy/policy-revision";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { RequestFeatures } from "@switchyard/policy-engine/routing/plan-route";
import { fleetPerformance } from "@switchyard/policy-engine/performance/evidence-by-target";
import { measuredTimes } from "@switchyard/policy-engine/what-if/measured-times";
import { previewCall } from "@switchyard/policy-engine/what-if/preview-call";
import {
  type RecordedCall,
  type ReplayedRoute,
  replayCalls,
  type ReplayTables,
} from "@switchyard/policy-engine/what-if/replay-calls";
import { instant } from "../database/instant.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import { PolicyRevisionRepository } from "../policy-revisions/policy-revision.repository.ts";
import { draftPolicy } from "./draft-policy.ts";
import { TargetKnowledgeRepository } from "./target-knowledge.repository.ts";
import { RecordedCallRepository, type RecordedCallRow } from "./recorded-call.repository.ts";

type Body = Call<typeof whatIfOperations.preview>["body"];

/** How long an answer is taken to be where the call does not say. */
const usualOutputTokens = 512;

/** Answers what a draft would do, by the engine that gateways decide with. Nothing is written. */
@Injectable()
export class WhatIfService {
  readonly #revisions: PolicyRevisionRepository;
  readonly #calls: RecordedCallRepository;
  readonly #knowledge: TargetKnowledgeRepository;

  constructor(
    revisions: PolicyRevisionRepository,
    calls: RecordedCallRepository,
    knowledge: TargetKnowledgeRepository,
  ) {
    this.#revisions = revisions;
    this.#calls = calls;
    this.#knowledge = knowledge;
  }

  async preview({ routeId, route: body, call, replayCalls: most }: Body): Promise<Preview> {
    const published = await this.#published();
    const { revision, route } = draftPolicy(published, routeId, body);
    const [reports, evidence] = await Promise.all([this.#knowledge.reports(), this.#knowledge.evidence()]);
    const tables = { ...tablesOf(revision), health: measuredTimes(reports), performance: fleetPerformance(evidence) };
    const nowMs = Date.now();
    const { plan, firstChoices, draws } = previewCall({
      ...tables,
      ...withFallbacks(route, revision),
      features: featuresOf(call),
      caller: callerOf(call, revision),
      mostCostPicoUsd: call.maxCostUsd === null ? null : parseUsd(call.maxCostUsd),
      nowMs,
    });
    const usage = { input: call.inputTokens, output: call.outputTokens ?? usualOutputTokens, requests: 1 };
    return {
      attempts: plan.attempts.map(({ label, connectionId, modelId }) => ({
        label,
        expectedUsd: costOf(tables, connectionId, modelId, usage, nowMs),
      })),
      because: [...plan.because],
      firstChoices: [...firstChoices],
      draws,
      replay:
        most === 0 || routeId === null
          ? null
          : await this.#replay(published, routeId, withFallbacks(route, revision), tables, most),
    };
  }

  async #replay(
    published: PolicyRevision,
    routeId: string,
    draft: ReplayedRoute,
    tables: ReplayTables,
    most: number,
  ): Promise<Preview["replay"]> {
    const rows = await this.#calls.latest(routeId, most);
    const nameOf = new Map(published.teams.map(({ teamId, name }) => [teamId, name]));
    const before = published.routes.find((route) => route.routeId === routeId);
    const { beforePicoUsd, afterPicoUsd, targets, teams, ...counts } = replayCalls(
      before === undefined ? null : withFallbacks(before, published),
      draft,
      tables,
      rows.map(recordedCall),
    );
    return {
      ...counts,
      since: instant(rows.at(-1)?.startedAt ?? null),
      beforeUsd: formatUsd(beforePicoUsd),
      afterUsd: formatUsd(afterPicoUsd),
      targets: [...targets],
      teams: teams.map((team) => ({
        teamId: team.teamId,
        teamName: nameOf.get(team.teamId) ?? team.teamId,
        calls: team.calls,
        unanswered: team.unanswered,
        beforeUsd: formatUsd(team.beforePicoUsd),
        afterUsd: formatUsd(team.afterPicoUsd),
      })),
    };
  }

  async #published(): Promise<PolicyRevision> {
    const number = await this.#revisions.headNumber();
    const row = await this.#revisions.find(number);
    const parsed = row === null ? null : policyRevisionSchema.safeParse(parseJson(row.content));
    if (parsed?.success) return parsed.data;
    throw new ControlPlaneError("roll_back_blocked", {
      message: `Revision ${number} cannot be read; publish a change first.`,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function tablesOf({ connections, models }: PolicyRevision): ReplayTables {
  return {
    connectionsById: new Map(connections.map((connection) => [connection.connectionId, connection])),
    modelsById: new Map(models.map((model) => [model.modelId, model])),
  };
}

function withFallbacks(route: Route, { routes }: PolicyRevision): ReplayedRoute {
  const byId = new Map(routes.map((each) => [each.routeId, each]));
  return { route, fallbackRoutes: route.fallbackRouteIds.flatMap((id) => byId.get(id) ?? []) };
}

function callerOf({ projectId, user, session, tags }: Body["call"], { projects }: PolicyRevision): CallerFacts {
  const teamId = projects.find((project) => project.projectId === projectId)?.teamId ?? "";
  return { teamId, projectId: projectId ?? "", virtualKeyId: "", user, session, tags };
}

function featuresOf(call: Body["call"]): RequestFeatures {
  const { inputTokens, outputTokens, stream, tools, images, jsonSchema } = call;
  return {
    operation: "chat",
    inputTokensAtLeast: inputTokens,
    inputTokensExpected: inputTokens,
    inputTokensAtMost: inputTokens,
    outputTokensAsked: outputTokens,
    answers: 1,
    stream,
    tools,
    images,
    jsonSchema,
  };
}

/** What a record does not tell (tools, images, a schema) is taken not to be there. */
function recordedCall(row: RecordedCallRow): RecordedCall {
  const { teamId, projectId, virtualKeyId, user, session, tags, operation, stream, usage, startedAt } = row;
  const { taskClass, complexity } = row;
  const inputTokens = totalQuantity(usage, inputTokenMeters);
  return {
    caller: { teamId, projectId, virtualKeyId, user, session, tags },
    features: {
      operation,
      inputTokensAtLeast: inputTokens,
      inputTokensExpected: inputTokens,
      inputTokensAtMost: inputTokens,
      outputTokensAsked: totalQuantity(usage, outputTokenMeters),
      answers: 1,
      stream,
      tools: false,
      images: false,
      jsonSchema: false,
      ...(taskClass === null && complexity === null
        ? {}
        : { task: { by: "record", taskClass: knownClass(taskClass), complexity, cues: [] } }),
    },
    usage,
    atMs: startedAt.getTime(),
  };
}

/** A class that a classifier of another version told is none that a strategy can go by. */
function knownClass(name: string | null): TaskClass | null {
  return taskClasses.find((taskClass) => taskClass === name) ?? null;
}

function costOf(
  { modelsById }: ReplayTables,
  connectionId: string,
  modelId: string,
  usage: Usage,
  atMs: number,
): string | null {
  const prices = modelsById.get(modelId)?.prices ?? [];
  const priced = priceUsage(prices, { connectionId, usage, serviceTier: null, atMs });
  return priced.kind === "priced" ? formatUsd(priced.costPicoUsd) : null;
}
