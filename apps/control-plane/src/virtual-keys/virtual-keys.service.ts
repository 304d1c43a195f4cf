import { Injectable } from "@nestjs/common";
import type { virtualKeyOperations, VirtualKey } from "@switchyard/api-contract/virtual-keys";
import { deriveKey, type SubKey } from "@switchyard/secrets/derive-key";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { issueVirtualKey } from "@switchyard/secrets/virtual-key";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { instant } from "../database/instant.ts";
import { type Page, toPage } from "../database/keyset.ts";
import { ControlPlaneEnv } from "../env.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { ProjectRepository } from "../projects/project.repository.ts";
import { ProviderConnectionRepository } from "../provider-connections/provider-connection.repository.ts";
import { requireLiveConnections } from "../provider-connections/require-connections.ts";
import { RouteRepository } from "../routes/route.repository.ts";
import { type VirtualKeyDetails, VirtualKeyRepository } from "./virtual-key.repository.ts";
import { hintOfKey, stateOfKey } from "./virtual-key-state.ts";

type Issued = { virtualKey: VirtualKey; token: string };

@Injectable()
export class VirtualKeysService {
  readonly #keys: VirtualKeyRepository;
  readonly #projects: ProjectRepository;
  readonly #routes: RouteRepository;
  readonly #connections: ProviderConnectionRepository;
  readonly #publisher: PolicyRevisionPublisher;
  readonly #pepper: SubKey<"virtual-key-pepper">;

  constructor(
    keys: VirtualKeyRepository,
    projects: ProjectRepository,
    routes: RouteRepository,
    connections: ProviderConnectionRepository,
    publisher: PolicyRevisionPublisher,
    env: ControlPlaneEnv,
  ) {
    this.#keys = keys;
    this.#projects = projects;
    this.#routes = routes;
    this.#connections = connections;
    this.#publisher = publisher;
    this.#pepper = deriveKey(env.keyring.active, "virtual-key-pepper");
  }

  async list(query: Call<typeof virtualKeyOperations.list>["query"]): Promise<Page<VirtualKey>> {
    const now = new Date();
    const rows = await this.#keys.list(query, query, now);
    const lastUses = await this.#keys.lastUses(rows.map(({ id }) => id));
    return toPage(
      rows,
      query.limit,
      ({ createdAt, id }) => [createdAt, id],
      (row) => present(row, now, lastUses.get(row.id)),
    );
  }

  async get(id: string): Promise<VirtualKey> {
    const row = found(await this.#keys.find(id), "virtual key");
    return present(row, new Date(), (await this.#keys.lastUses([id])).get(id));
  }

  issue(actor: Actor, body: Call<typeof virtualKeyOperations.issue>["body"]): Promise<Published<Issued>> {
    return this.#publisher.publish(actor, async (connection) => {
      const project = found(await this.#projects.find(body.projectId, connection), "project");
      if (project.archivedAt !== null) throw new ControlPlaneError("archived", { message: "The project is archived." });
      await this.#requireRoutes(connection, body.allowedRouteIds);
      await this.#requirePassthrough(connection, project.id, body.passthroughConnectionIds);
      const expiresAt = futureOrNull(body.expiresAt);
      const { row, token } = await this.#insert(connection, { ...body, expiresAt, createdBy: actor.name });
      const virtualKey = present(row, new Date());
      return {
        value: { virtualKey, token },
        summary: `Key ${body.name} issued for project ${project.name}`,
        audit: {
          action: "virtual_key.issued",
          resourceType: "virtual_key",
          resourceId: row.id,
          after: auditState(virtualKey),
        },
      };
    });
  }

  async update(
    actor: Actor,
    id: string,
    body: Call<typeof virtualKeyOperations.update>["body"],
  ): Promise<Published<VirtualKey>> {
    const published = await this.#publisher.publish(actor, async (connection) => {
      const before = await this.#requireUsable(connection, id);
      await this.#requireRoutes(connection, body.allowedRouteIds);
      await this.#requirePassthrough(connection, before.projectId, body.passthroughConnectionIds);
      const expiresAt = body.expiresAt === undefined ? undefined : futureOrNull(body.expiresAt);
      const after = present(await this.#keys.update(connection, id, { ...body, expiresAt }), new Date());
      return {
        value: undefined,
        summary: `Key ${before.name} changed`,
        audit: {
          action: "virtual_key.changed",
          resourceType: "virtual_key",
          resourceId: id,
          before: auditState(before),
          after: auditState(after),
        },
      };
    });
    return published.with(await this.get(id));
  }

  rotate(actor: Actor, id: string, { overlapSeconds }: { overlapSeconds: number }): Promise<Published<Issued>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = await this.#requireUsable(connection, id);
      if (before.state !== "active") throw new ControlPlaneError("key_not_active");
      const { row, token } = await this.#insert(connection, {
        projectId: before.projectId,
        name: before.name,
        allowedRouteIds: before.allowedRouteIds,
        passthroughConnectionIds: before.passthroughConnectionIds,
        expiresAt: before.expiresAt === null ? null : new Date(before.expiresAt),
        createdBy: actor.name,
        rotatedFromId: id,
      });
      const overlapEndsAt = new Date(Date.now() + overlapSeconds * 1000);
      await this.#keys.update(connection, id, { overlapEndsAt });
      const virtualKey = present(row, new Date());
      return {
        value: { virtualKey, token },
        summary: `Key ${before.name} rotated; the old one works until ${overlapEndsAt.toISOString()}`,
        audit: {
          action: "virtual_key.rotated",
          resourceType: "virtual_key",
          resourceId: id,
          before: auditState(before),
          after: { ...auditState(virtualKey), successorId: row.id, overlapEndsAt: overlapEndsAt.toISOString() },
        },
      };
    });
  }

  async revoke(actor: Actor, id: string): Promise<Published<VirtualKey>> {
    const published = await this.#publisher.publish(actor, async (connection) => {
      const before = present(found(await this.#keys.find(id, connection), "virtual key"), new Date());
      if (before.state === "revoked")
        throw new ControlPlaneError("key_not_active", { message: "The key is revoked already." });
      const after = present(await this.#keys.update(connection, id, { revokedAt: new Date() }), new Date());
      return {
        value: undefined,
        summary: `Key ${before.name} revoked`,
        audit: {
          action: "virtual_key.revoked",
          resourceType: "virtual_key",
          resourceId: id,
          before: auditState(before),
          after: auditState(after),
        },
      };
    });
    return published.with(await this.get(id));
  }

  async #insert(
    connection: Connection,
    key: {
      projectId: string;
      name: string;
      allowedRouteIds: readonly string[] | null;
      passthroughConnectionIds: readonly string[];
      expiresAt: Date | null;
      createdBy: string;
      rotatedFromId?: string;
    },
  ): Promise<{ row: VirtualKeyDetails; token: string }> {
    const { token, publicId, digest, lastFour } = issueVirtualKey(this.#pepper);
    const { projectId, name, allowedRouteIds, passthroughConnectionIds, expiresAt, createdBy, rotatedFromId } = key;
    const row = await this.#keys.insert(connection, {
      id: createUuidV7(),
      projectId,
      name,
      publicId,
      digest: new Uint8Array(digest),
      lastFour,
      allowedRouteIds,
      passthroughConnectionIds,
      createdBy,
      expiresAt,
      ...(rotatedFromId !== undefined && { rotatedFromId }),
    });
    return { row, token };
  }

  async #requireUsable(connection: Connection, id: string): Promise<VirtualKey> {
    const key = present(found(await this.#keys.find(id, connection), "virtual key"), new Date());
    if (key.state === "revoked" || key.state === "expired") throw new ControlPlaneError("key_not_active");
    return key;
  }

  async #requireRoutes(connection: Connection, ids: readonly string[] | null | undefined): Promise<void> {
    if (!ids || ids.length === 0) return;
    const known = await this.#routes.knownIds(connection, ids);
    const problems = ids.flatMap((id, index) =>
      known.has(id) ? [] : [{ path: `allowedRouteIds[${index}]`, code: "unknown_route", message: "is not a route" }],
    );
    if (problems.length > 0) throw new ControlPlaneError("invalid_policy", { problems });
  }

  /** A key is allowed nothing that its project is not. */
  async #requirePassthrough(connection: Connection, projectId: string, ids: readonly string[] = []): Promise<void> {
    if (ids.length === 0) return;
    await requireLiveConnections(this.#connections, connection, "passthroughConnectionIds", ids);
    const project = found(await this.#projects.find(projectId, connection), "project");
    const allowed = new Set((project.passthroughConnectionIds as string[] | null) ?? []);
    const problems = ids.flatMap((id, index) =>
      allowed.has(id)
        ? []
        : [
            {
              path: `passthroughConnectionIds[${index}]`,
              code: "not_allowed_by_project",
              message: "is not allowed by the key's project",
            },
          ],
    );
    if (problems.length > 0) throw new ControlPlaneError("invalid_policy", { problems });
  }
}

function futureOrNull(text: string | null): Date | null {
  if (text === null) return null;
  const expiresAt = new Date(text);
  if (expiresAt.getTime() > Date.now()) return expiresAt;
  throw new ControlPlaneError("validation_failed", {
    problems: [{ path: "expiresAt", code: "in_past", message: "must lie in the future" }],
  });
}

function present(row: VirtualKeyDetails, now: Date, lastUsedAt: Date | null = null): VirtualKey {
  return {
    id: row.id,
    projectId: row.projectId,
    projectName: row.project.name,
    teamName: row.project.team.name,
    name: row.name,
    hint: hintOfKey(row),
    state: stateOfKey(row, now),
    allowedRouteIds: row.allowedRouteIds as string[] | null,
    passthroughConnectionIds: (row.passthroughConnectionIds as string[] | null) ?? [],
    createdBy: row.createdBy,
    createdAt: instant(row.createdAt),
    expiresAt: instant(row.expiresAt),
    overlapEndsAt: instant(row.overlapEndsAt),
    revokedAt: instant(row.revokedAt),
    rotatedFromId: row.rotatedFromId,
    lastUsedAt: instant(lastUsedAt),
  };
}

function auditState(key: VirtualKey) {
  const { name, projectId, hint, state, allowedRouteIds, passthroughConnectionIds, expiresAt } = key;
  return { name, projectId, hint, state, allowedRouteIds, passthroughConnectionIds, expiresAt };
}
