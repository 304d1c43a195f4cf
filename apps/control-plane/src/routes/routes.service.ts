import { Injectable } from "@nestjs/common";
import type { Route, routeOperations } from "@switchyard/api-contract/routes";
import { defaultRouteTimeouts } from "@switchyard/policy-engine/policy/route";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneError, found, type Problem } from "../errors/control-plane-error.ts";
import { ModelRepository } from "../models/model.repository.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { ProjectRepository } from "../projects/project.repository.ts";
import { ProviderConnectionRepository } from "../provider-connections/provider-connection.repository.ts";
import { guardsOf, presentRoute } from "./present-route.ts";
import { RouteRepository } from "./route.repository.ts";

type Body = Call<typeof routeOperations.create>["body"];

@Injectable()
export class RoutesService {
  readonly #routes: RouteRepository;
  readonly #connections: ProviderConnectionRepository;
  readonly #models: ModelRepository;
  readonly #projects: ProjectRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(
    routes: RouteRepository,
    connections: ProviderConnectionRepository,
    models: ModelRepository,
    projects: ProjectRepository,
    publisher: PolicyRevisionPublisher,
  ) {
    this.#routes = routes;
    this.#connections = connections;
    this.#models = models;
    this.#projects = projects;
    this.#publisher = publisher;
  }

  async list(query: PageRequest): Promise<Page<Route>> {
    const rows = await this.#routes.list(query);
    return toPage(rows, query.limit, ({ name, id }) => [name, id], presentRoute);
  }

  async get(id: string): Promise<Route> {
    return presentRoute(found(await this.#routes.find(id), "route"));
  }

  create(actor: Actor, body: Body): Promise<Published<Route>> {
    return this.#publisher.publish(actor, async (connection) => {
      const id = createUuidV7();
      const after = await this.#save(connection, id, body, defaultRouteTimeouts);
      return {
        value: after,
        summary: `Route ${body.name} created`,
        audit: { action: "route.created", resourceType: "route", resourceId: id, after },
      };
    });
  }

  replace(
    actor: Actor,
    id: string,
    { expectedUpdatedAt, ...body }: Call<typeof routeOperations.replace>["body"],
  ): Promise<Published<Route>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = presentRoute(found(await this.#routes.find(id, connection), "route"));
      if (expectedUpdatedAt !== undefined && Date.parse(expectedUpdatedAt) !== Date.parse(before.updatedAt)) {
        throw new ControlPlaneError("stale_edit");
      }
      const after = await this.#save(connection, id, body, before.timeouts);
      return {
        value: after,
        summary: `Route ${before.name} changed`,
        audit: { action: "route.changed", resourceType: "route", resourceId: id, before, after },
      };
    });
  }

  remove(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = presentRoute(found(await this.#routes.find(id, connection), "route"));
      const dependants = await this.#routes.namesFallingBackTo(connection, id);
      if (dependants.length > 0) {
        throw new ControlPlaneError("in_use", { message: `Routes that fall back to it: ${dependants.join(", ")}.` });
      }
      await this.#routes.remove(connection, id);
      return {
        value: undefined,
        summary: `Route ${before.name} removed`,
        audit: { action: "route.removed", resourceType: "route", resourceId: id, before },
      };
    });
  }

  async #save(connection: Connection, id: string, body: Body, timeouts: Route["timeouts"]): Promise<Route> {
    if (await this.#routes.isNameTaken(connection, body.name, id)) {
      throw new ControlPlaneError("name_taken", {
        problems: [{ path: "name", code: "name_taken", message: "is taken by another route" }],
      });
    }
    const problems = await this.#findUnknownReferences(connection, body);
    if (problems.length > 0) throw new ControlPlaneError("invalid_policy", { problems });
    await this.#routes.save(connection, id, {
      ...body,
      timeouts: body.timeouts ?? timeouts,
      guards: guardsOf(body.guards),
      targets: body.targets.map(({ groupId, ...target }) => ({ ...target, groupId: groupId ?? undefined })),
    });
    return presentRoute(found(await this.#routes.find(id, connection), "route"));
  }

  // What the database could only refuse as a broken key. Whether the whole makes sense, validation says.
  async #findUnknownReferences(connection: Connection, body: Body): Promise<Problem[]> {
    const connectionIds = await this.#connections.liveIds(
      connection,
      body.targets.map(({ connectionId }) => connectionId),
    );
    const modelIds = await this.#models.liveIds(
      connection,
      body.targets.map(({ modelId }) => modelId),
    );
    const projectIds = await this.#projects.liveIds(connection, body.allowedProjectIds ?? []);
    const pairs = new Set<string>();
    return [
      ...body.targets.flatMap(({ connectionId, modelId }, index) => {
        const path = `targets[${index}]`;
        const pair = JSON.stringify([connectionId, modelId]);
        const isRepeated = pairs.has(pair);
        pairs.add(pair);
        return [
          ...(connectionIds.has(connectionId)
            ? []
            : [unknown(`${path}.connectionId`, "unknown_connection", "connection")]),
          ...(modelIds.has(modelId) ? [] : [unknown(`${path}.modelId`, "unknown_model", "model")]),
          ...(isRepeated ? [{ path, code: "duplicate_target", message: "repeats another target" }] : []),
        ];
      }),
      ...(body.allowedProjectIds ?? []).flatMap((projectId, index) =>
        projectIds.has(projectId) ? [] : [unknown(`allowedProjectIds[${index}]`, "unknown_project", "project")],
      ),
    ];
  }
}

function unknown(path: string, code: string, what: string): Problem {
  return { path, code, message: `names no ${what}, or an archived one` };
}
