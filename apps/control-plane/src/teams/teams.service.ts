import { Injectable } from "@nestjs/common";
import type { Team } from "@switchyard/api-contract/teams";
import { formatUsd, type PicoUsd, zeroPicoUsd } from "@switchyard/metering/pico-usd";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { instant, startOfMonth } from "../database/instant.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Published } from "../operations/published.ts";
import { OrganisationRepository } from "../organisation/organisation.repository.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { SpendRepository } from "../reports/spend.repository.ts";
import { TeamRepository, type TeamRow } from "./team.repository.ts";

@Injectable()
export class TeamsService {
  readonly #teams: TeamRepository;
  readonly #organisations: OrganisationRepository;
  readonly #spend: SpendRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(
    teams: TeamRepository,
    organisations: OrganisationRepository,
    spend: SpendRepository,
    publisher: PolicyRevisionPublisher,
  ) {
    this.#teams = teams;
    this.#organisations = organisations;
    this.#spend = spend;
    this.#publisher = publisher;
  }

  async list(query: PageRequest & { includeArchived: boolean }): Promise<Page<Team>> {
    const rows = await this.#teams.list(query, query.includeArchived);
    const spend = await this.#spendOf(rows);
    return toPage(
      rows,
      query.limit,
      ({ name, id }) => [name, id],
      (row) => present(row, spend.get(row.id)),
    );
  }

  async get(id: string): Promise<Team> {
    const row = found(await this.#teams.find(id), "team");
    return present(row, (await this.#spendOf([row])).get(id));
  }

  create(actor: Actor, { name }: { name: string }): Promise<Published<Team>> {
    return this.#publisher.publish(actor, async (connection) => {
      const organisationId = await this.#organisations.currentId(connection);
      await this.#requireFreeName(connection, organisationId, name);
      const team = present(await this.#teams.insert(connection, { id: createUuidV7(), organisationId, name }));
      return {
        value: team,
        summary: `Team ${name} created`,
        audit: { action: "team.created", resourceType: "team", resourceId: team.id, after: { name } },
      };
    });
  }

  async rename(actor: Actor, id: string, { name }: { name: string }): Promise<Published<Team>> {
    const published = await this.#publisher.publish(actor, async (connection) => {
      const before = await this.#requireLive(connection, id);
      await this.#requireFreeName(connection, before.organisationId, name, id);
      await this.#teams.update(connection, id, { name });
      return {
        value: undefined,
        summary: `Team ${before.name} renamed to ${name}`,
        audit: {
          action: "team.renamed",
          resourceType: "team",
          resourceId: id,
          before: { name: before.name },
          after: { name },
        },
      };
    });
    return published.with(await this.get(id));
  }

  archive(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = await this.#requireLive(connection, id);
      if (before.projects.length > 0) {
        throw new ControlPlaneError("in_use", { message: "The team still has projects; archive them first." });
      }
      await this.#teams.update(connection, id, { archivedAt: new Date() });
      return {
        value: undefined,
        summary: `Team ${before.name} archived`,
        audit: { action: "team.archived", resourceType: "team", resourceId: id, before: { name: before.name } },
      };
    });
  }

  #spendOf(rows: readonly TeamRow[]): Promise<Map<string, PicoUsd>> {
    return this.#spend.byTeam(
      rows.map(({ id }) => id),
      startOfMonth(new Date()),
    );
  }

  async #requireLive(connection: Connection, id: string): Promise<TeamRow> {
    const team = found(await this.#teams.find(id, connection), "team");
    if (team.archivedAt !== null) throw new ControlPlaneError("archived");
    return team;
  }

  async #requireFreeName(
    connection: Connection,
    organisationId: string,
    name: string,
    exceptId?: string,
  ): Promise<void> {
    if (!(await this.#teams.isNameTaken(connection, organisationId, name, exceptId))) return;
    throw new ControlPlaneError("name_taken", {
      problems: [{ path: "name", code: "name_taken", message: "is taken by another team" }],
    });
  }
}

function present(row: TeamRow, spend: PicoUsd = zeroPicoUsd): Team {
  return {
    id: row.id,
    name: row.name,
    projectCount: row.projects.length,
    keyCount: row.projects.reduce((count, project) => count + project._count.virtualKeys, 0),
    spendThisMonthUsd: formatUsd(spend),
    createdAt: instant(row.createdAt),
    archivedAt: instant(row.archivedAt),
  };
}
