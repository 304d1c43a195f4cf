import { Injectable } from "@nestjs/common";
import type { PolicyChange, PolicyRevisionSummary } from "@switchyard/api-contract/policy-revisions";
import { type PolicyRevision, policyRevisionSchema } from "@switchyard/policy-engine/policy/policy-revision";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { instant } from "../database/instant.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneError, found, type Problem } from "../errors/control-plane-error.ts";
import type { Published } from "../operations/published.ts";
import { diffPolicy } from "./diff-policy.ts";
import { PolicyRevisionPublisher } from "./policy-revision.publisher.ts";
import { PolicyRevisionRepository } from "./policy-revision.repository.ts";
import { type LiveIds, RollBackRepository } from "./roll-back.repository.ts";

type RevisionRow = NonNullable<Awaited<ReturnType<PolicyRevisionRepository["find"]>>>;
type SummaryRow = Omit<RevisionRow, "content">;

@Injectable()
export class PolicyRevisionsService {
  readonly #revisions: PolicyRevisionRepository;
  readonly #rollBack: RollBackRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(revisions: PolicyRevisionRepository, rollBack: RollBackRepository, publisher: PolicyRevisionPublisher) {
    this.#revisions = revisions;
    this.#rollBack = rollBack;
    this.#publisher = publisher;
  }

  async list(query: PageRequest): Promise<Page<PolicyRevisionSummary>> {
    const present = await this.#presenter();
    const rows = await this.#revisions.list(query.limit, query.cursor);
    return toPage(rows, query.limit, ({ createdAt, number }) => [createdAt, String(number)], present);
  }

  async get(number: number): Promise<PolicyRevisionSummary & { content: unknown }> {
    const row = await this.#require(number);
    const present = await this.#presenter();
    return { ...present(row), content: withoutSecrets(parse(row)) };
  }

  async diff(number: number, against = number - 1): Promise<{ from: number; to: number; changes: PolicyChange[] }> {
    const after = parse(await this.#require(number));
    const before = against === 0 ? null : parse(await this.#require(against));
    return { from: against, to: number, changes: diffPolicy(before, after) };
  }

  async rollBackTo(actor: Actor, number: number): Promise<Published<PolicyRevisionSummary>> {
    const published = await this.#publisher.publish(actor, async (connection) => {
      const head = await this.#revisions.headNumber(connection);
      if (number === head) throw new ControlPlaneError("already_current");
      const { routes, quotas } = parse(await this.#require(number, connection));
      await this.#requirePresent(connection, routes);
      await this.#rollBack.restoreRoutes(connection, routes);
      await this.#rollBack.restoreQuotas(connection, quotas);
      return {
        value: undefined,
        summary: `Routes and limits rolled back to revision ${number}`,
        audit: {
          action: "policy_revision.rolled_back",
          resourceType: "policy_revision",
          resourceId: String(number),
          before: { revision: head },
          after: { routesAndLimitsOfRevision: number },
        },
      };
    });
    const present = await this.#presenter();
    return published.with(present(await this.#require(published.policyRevision)));
  }

  /** A roll-back brings routing back, not connections or models that are gone since. */
  async #requirePresent(connection: Connection, routes: readonly Route[]): Promise<void> {
    const live = await this.#rollBack.liveIds(connection, routes);
    const problems = routes.flatMap((route) => findMissing(route, live));
    if (problems.length > 0) throw new ControlPlaneError("roll_back_blocked", { problems });
  }

  async #require(number: number, connection?: Connection): Promise<RevisionRow> {
    return found(await this.#revisions.find(number, connection), "policy revision");
  }

  async #presenter(): Promise<(row: SummaryRow) => PolicyRevisionSummary> {
    const head = await this.#revisions.headNumber();
    const gateways = await this.#revisions.gatewaysByRevision();
    return ({ number, summary, createdBy, createdAt, sha256 }) => ({
      number,
      summary,
      createdBy,
      createdAt: instant(createdAt),
      sha256,
      isCurrent: number === head,
      gateways: gateways.get(number) ?? 0,
    });
  }
}

function parse({ number, content }: RevisionRow): PolicyRevision {
  const parsed = policyRevisionSchema.safeParse(parseJson(content));
  if (parsed.success) return parsed.data;
  throw new ControlPlaneError("roll_back_blocked", {
    message: `Revision ${number} is damaged, or of a version of Switchyard that this one no longer reads.`,
  });
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

function findMissing(route: Route, live: LiveIds): Problem[] {
  const path = `routes[${route.name}]`;
  const gone = (place: string, what: string) => ({
    path: `${path}.${place}`,
    code: "gone",
    message: `names a ${what} that is gone`,
  });
  const named = [
    ...route.targets.map((target, index) => ({ ...target, place: `targets[${index}]` })),
    ...(route.shadow === undefined ? [] : [{ ...route.shadow, place: "shadow" }]),
  ];
  return named.flatMap(({ connectionId, modelId, place }) => [
    ...(live.connections.has(connectionId) ? [] : [gone(`${place}.connectionId`, "connection")]),
    ...(live.models.has(modelId) ? [] : [gone(`${place}.modelId`, "model")]),
  ]);
}

/** The content as it may be shown: digests and sealed credentials stay where gateways need them. */
function withoutSecrets(content: PolicyRevision): object {
  return {
    ...content,
    virtualKeys: content.virtualKeys.map((key) => ({ ...key, digest: undefined })),
    connections: content.connections.map((connection) => ({
      ...connection,
      credentials: connection.credentials.map(({ credentialId }) => ({ credentialId })),
    })),
  };
}
