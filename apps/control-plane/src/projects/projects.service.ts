import { Injectable } from "@nestjs/common";
import type { Project } from "@switchyard/api-contract/projects";
import { formatUsd, type PicoUsd, zeroPicoUsd } from "@switchyard/metering/pico-usd";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { instant, startOfMonth } from "../database/instant.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { ProviderConnectionRepository } from "../provider-connections/provider-connection.repository.ts";
import { requireLiveConnections } from "../provider-connections/require-connections.ts";
import { SpendRepository } from "../reports/spend.repository.ts";
import { TeamRepository } from "../teams/team.repository.ts";
import { ProjectRepository, type ProjectRow, type ProjectSettings } from "./project.repository.ts";

interface ProjectChanges {
  readonly name?: string | undefined;
  readonly zeroRetention?: boolean | undefined;
  readonly passthroughConnectionIds?: string[] | undefined;
}

@Injectable()
export class ProjectsService {
  readonly #projects: ProjectRepository;
  readonly #teams: TeamRepository;
  readonly #connections: ProviderConnectionRepository;
  readonly #spend: SpendRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(
    projects: ProjectRepository,
    teams: TeamRepository,
    connections: ProviderConnectionRepository,
    spend: SpendRepository,
    publisher: PolicyRevisionPublisher,
  ) {
    this.#projects = projects;
    this.#teams = teams;
    this.#connections = connections;
    this.#spend = spend;
    this.#publisher = publisher;
  }

  async list(query: PageRequest & { teamId?: string | undefined; includeArchived: boolean }): Promise<Page<Project>> {
    const rows = await this.#projects.list(query, query);
    const spend = await this.#spendOf(rows);
    return toPage(
      rows,
      query.limit,
      ({ name, id }) => [name, id],
      (row) => present(row, spend.get(row.id)),
    );
  }

  async get(id: string): Promise<Project> {
    const row = found(await this.#projects.find(id), "project");
    return present(row, (await this.#spendOf([row])).get(id));
  }

  create(actor: Actor, { teamId, name }: { teamId: string; name: string }): Promise<Published<Project>> {
    return this.#publisher.publish(actor, async (connection) => {
      const team = found(await this.#teams.find(teamId, connection), "team");
      if (team.archivedAt !== null) throw new ControlPlaneError("archived", { message: "The team is archived." });
      await this.#requireFreeName(connection, teamId, name);
      const row = await this.#projects.insert(connection, { id: createUuidV7(), teamId, name });
      return {
        value: present(row),
        summary: `Project ${name} created in team ${team.name}`,
        audit: {
          action: "project.created",
          resourceType: "project",
          resourceId: row.id,
          after: { name, teamId, teamName: team.name },
        },
      };
    });
  }

  async update(actor: Actor, id: string, changes: ProjectChanges): Promise<Published<Project>> {
    const published = await this.#publisher.publish(actor, async (connection) => {
      const row = await this.#requireLive(connection, id);
      const before = settingsOf(row);
      const after = {
        name: changes.name ?? before.name,
        zeroRetention: changes.zeroRetention ?? before.zeroRetention,
        passthroughConnectionIds: changes.passthroughConnectionIds ?? before.passthroughConnectionIds,
      };
      const added = after.passthroughConnectionIds.filter((each) => !before.passthroughConnectionIds.includes(each));
      await requireLiveConnections(this.#connections, connection, "passthroughConnectionIds", added);
      await this.#requireFreeName(connection, row.teamId, after.name, id);
      await this.#projects.update(connection, id, after);
      const { summary, action } = describeChange(before, after);
      return {
        value: undefined,
        summary,
        audit: { action, resourceType: "project", resourceId: id, before, after },
      };
    });
    return published.with(await this.get(id));
  }

  archive(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = await this.#requireLive(connection, id);
      const revokedKeys = await this.#projects.archive(connection, id, new Date());
      return {
        value: undefined,
        summary: `Project ${before.name} archived, ${revokedKeys} keys revoked`,
        audit: {
          action: "project.archived",
          resourceType: "project",
          resourceId: id,
          before: { name: before.name, liveKeys: revokedKeys },
        },
      };
    });
  }

  #spendOf(rows: readonly ProjectRow[]): Promise<Map<string, PicoUsd>> {
    return this.#spend.byProject(
      rows.map(({ id }) => id),
      startOfMonth(new Date()),
    );
  }

  async #requireLive(connection: Connection, id: string): Promise<ProjectRow> {
    const project = found(await this.#projects.find(id, connection), "project");
    if (project.archivedAt !== null) throw new ControlPlaneError("archived");
    return project;
  }

  async #requireFreeName(connection: Connection, teamId: string, name: string, exceptId?: string): Promise<void> {
    if (!(await this.#projects.isNameTaken(connection, teamId, name, exceptId))) return;
    throw new ControlPlaneError("name_taken", {
      problems: [{ path: "name", code: "name_taken", message: "is taken by another project of the team" }],
    });
  }
}

function settingsOf(row: ProjectRow): ProjectSettings {
  const { name, zeroRetention, passthroughConnectionIds } = row;
  return { name, zeroRetention, passthroughConnectionIds: (passthroughConnectionIds as string[] | null) ?? [] };
}

/** A change of several settings is told by the first of them; the audit log has them all. */
function describeChange(before: ProjectSettings, after: ProjectSettings): { summary: string; action: string } {
  const { name } = after;
  if (name !== before.name) {
    return { action: "project.renamed", summary: `Project ${before.name} renamed to ${name}` };
  }
  if (after.zeroRetention !== before.zeroRetention) {
    const kept = after.zeroRetention ? "keeps no answers" : "keeps answers for retries";
    return { action: "project.retention_changed", summary: `Project ${name} ${kept}` };
  }
  const count = after.passthroughConnectionIds.length;
  const connections = count === 1 ? "1 connection" : `${count} connections`;
  return {
    action: "project.passthrough_changed",
    summary: `Project ${name} may pass calls through to ${count === 0 ? "no connection" : connections}`,
  };
}

function present(row: ProjectRow, spend: PicoUsd = zeroPicoUsd): Project {
  return {
    id: row.id,
    teamId: row.teamId,
    teamName: row.team.name,
    ...settingsOf(row),
    keyCount: row._count.virtualKeys,
    spendThisMonthUsd: formatUsd(spend),
    createdAt: instant(row.createdAt),
    archivedAt: instant(row.archivedAt),
  };
}
