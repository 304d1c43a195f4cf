import { Injectable } from "@nestjs/common";
import type {
  ConnectionTest,
  ProviderConnection,
  providerConnectionOperations,
} from "@switchyard/api-contract/provider-connections";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { credentialHint, sealCredential } from "@switchyard/secrets/sealed-credential";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { instant } from "../database/instant.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneEnv } from "../env.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { OrganisationRepository } from "../organisation/organisation.repository.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { normaliseBaseUrl, originOf } from "./base-url.ts";
import { ConnectionTester } from "./connection-tester.ts";
import { type ConnectionDetails, ProviderConnectionRepository } from "./provider-connection.repository.ts";
import type { ConnectionToCall } from "./provider-caller.ts";
import { requireProviderKind } from "./provider-kinds.ts";
import { identityOf } from "./credential-identity.ts";

type CreateBody = Call<typeof providerConnectionOperations.create>["body"];
type UpdateBody = Call<typeof providerConnectionOperations.update>["body"];

const mostCredentials = 20;

@Injectable()
export class ProviderConnectionsService {
  readonly #connections: ProviderConnectionRepository;
  readonly #organisations: OrganisationRepository;
  readonly #publisher: PolicyRevisionPublisher;
  readonly #tester: ConnectionTester;
  readonly #env: ControlPlaneEnv;

  constructor(
    connections: ProviderConnectionRepository,
    organisations: OrganisationRepository,
    publisher: PolicyRevisionPublisher,
    tester: ConnectionTester,
    env: ControlPlaneEnv,
  ) {
    this.#connections = connections;
    this.#organisations = organisations;
    this.#publisher = publisher;
    this.#tester = tester;
    this.#env = env;
  }

  async list(query: PageRequest): Promise<Page<ProviderConnection>> {
    const rows = await this.#connections.list(query);
    return toPage(rows, query.limit, ({ name, id }) => [name, id], present);
  }

  async get(id: string): Promise<ProviderConnection> {
    return present(await this.#require(undefined, id));
  }

  create(actor: Actor, body: CreateBody): Promise<Published<ProviderConnection>> {
    return this.#publisher.publish(actor, async (connection) => {
      const { kind, credential, ...settings } = body;
      const manifest = requireProviderKind(kind);
      const baseUrl = normaliseBaseUrl(settings.baseUrl ?? manifest.defaultBaseUrl ?? missingBaseUrl());
      await this.#requireFreeName(connection, settings.name);
      const id = createUuidV7();
      const abortBilling = settings.abortBilling ?? manifest.defaultAbortBilling;
      await this.#connections.insert(connection, id, kind, { ...settings, baseUrl, abortBilling });
      if (credential !== undefined) await this.#addCredential(connection, actor, { id, kind, baseUrl }, credential);
      const created = present(await this.#require(connection, id));
      return {
        value: created,
        summary: `Connection ${body.name} created`,
        audit: {
          action: "provider_connection.created",
          resourceType: "provider_connection",
          resourceId: id,
          after: created,
        },
      };
    });
  }

  update(actor: Actor, id: string, { credential, ...body }: UpdateBody): Promise<Published<ProviderConnection>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = present(await this.#require(connection, id));
      const baseUrl = body.baseUrl === undefined ? before.baseUrl : normaliseBaseUrl(body.baseUrl);
      if (body.name !== undefined) await this.#requireFreeName(connection, body.name, id);
      await this.#replaceCredentials(connection, before, baseUrl, credential !== undefined);
      await this.#connections.update(connection, id, { ...definedOnly(body), baseUrl });
      if (credential !== undefined)
        await this.#addCredential(connection, actor, { id, kind: before.kind, baseUrl }, credential);
      const after = present(await this.#require(connection, id));
      return {
        value: after,
        summary: `Connection ${before.name} ${whatChanged(before, after)}`,
        audit: {
          action: "provider_connection.changed",
          resourceType: "provider_connection",
          resourceId: id,
          before,
          after,
        },
      };
    });
  }

  archive(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = present(await this.#require(connection, id));
      if (before.routeCount > 0) throw new ControlPlaneError("in_use", { message: "Routes still use the connection." });
      await this.#connections.archive(connection, id, `${before.name.slice(0, 100)} (archived ${id.slice(-6)})`);
      return {
        value: undefined,
        summary: `Connection ${before.name} archived`,
        audit: { action: "provider_connection.archived", resourceType: "provider_connection", resourceId: id, before },
      };
    });
  }

  addCredential(
    actor: Actor,
    id: string,
    body: { credential: string; retireOthers: boolean },
  ): Promise<Published<ProviderConnection>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = present(await this.#require(connection, id));
      if (before.credentials.length >= mostCredentials) {
        throw new ControlPlaneError("in_use", {
          message: `A connection holds at most ${mostCredentials} credentials.`,
        });
      }
      if (body.retireOthers) await this.#connections.setCredentialStates(connection, id, ["active"], "retiring");
      await this.#addCredential(connection, actor, before, body.credential);
      const after = present(await this.#require(connection, id));
      return {
        value: after,
        summary: `Credential added to connection ${before.name}`,
        audit: {
          action: "provider_connection.credential_added",
          resourceType: "provider_connection",
          resourceId: id,
          before,
          after,
        },
      };
    });
  }

  removeCredential(actor: Actor, id: string, credentialId: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = present(await this.#require(connection, id));
      const isGone = await this.#connections.deleteCredential(connection, id, credentialId);
      found(isGone ? true : null, "credential");
      return {
        value: undefined,
        summary: `Credential of connection ${before.name} destroyed`,
        audit: {
          action: "provider_connection.credential_removed",
          resourceType: "provider_connection",
          resourceId: id,
          before,
          after: present(await this.#require(connection, id)),
        },
      };
    });
  }

  async test(id: string): Promise<ConnectionTest> {
    return this.#tester.test(await this.toCall(id));
  }

  /** What is needed to call the provider; the credential is sealed still. */
  async toCall(id: string): Promise<ConnectionToCall> {
    const { kind, baseUrl, quirks } = await this.#require(undefined, id);
    const credential = await this.#connections.findActiveCredential(id);
    const organisationId = (await this.#organisations.current()).id;
    return {
      organisationId,
      connectionId: id,
      kind,
      baseUrl,
      quirks: quirks as ConnectionToCall["quirks"],
      credential,
    };
  }

  // A secret goes to the origin it was given for and to no other (threat T-12).
  async #replaceCredentials(
    connection: Connection,
    before: ProviderConnection,
    baseUrl: string,
    hasSuccessor: boolean,
  ): Promise<void> {
    const isSameOrigin = originOf(before.baseUrl) === originOf(baseUrl);
    const hasUsable = before.credentials.some(({ state }) => state !== "void");
    if (!isSameOrigin && hasUsable && !hasSuccessor) {
      throw new ControlPlaneError("credential_required", {
        problems: [{ path: "credential", code: "credential_required", message: "is needed for the new origin" }],
      });
    }
    if (!isSameOrigin)
      await this.#connections.setCredentialStates(connection, before.id, ["active", "retiring"], "void");
    else if (hasSuccessor) await this.#connections.setCredentialStates(connection, before.id, ["active"], "retiring");
  }

  async #addCredential(
    connection: Connection,
    actor: Actor,
    { id: connectionId, kind, baseUrl }: { id: string; kind: string; baseUrl: string },
    plaintext: string,
  ): Promise<void> {
    const identity = identityOf(requireProviderKind(kind), plaintext.trim());
    const credentialId = createUuidV7();
    const organisationId = await this.#organisations.currentId(connection);
    const context = { organisationId, connectionId, credentialId, origin: baseUrl };
    await this.#connections.insertCredential(connection, {
      id: credentialId,
      connectionId,
      sealed: sealCredential(this.#env.keyring, plaintext.trim(), context),
      hint: credentialHint(identity) ?? "",
      createdBy: actor.name,
    });
  }

  async #require(connection: Connection | undefined, id: string): Promise<ConnectionDetails> {
    return found(await this.#connections.findLive(connection, id), "provider connection");
  }

  async #requireFreeName(connection: Connection, name: string, exceptId?: string): Promise<void> {
    if (!(await this.#connections.isNameTaken(connection, name, exceptId))) return;
    throw new ControlPlaneError("name_taken", {
      problems: [{ path: "name", code: "name_taken", message: "is taken by another connection" }],
    });
  }
}

function whatChanged(before: ProviderConnection, after: ProviderConnection): string {
  if (before.drained === after.drained) return "changed";
  return after.drained ? "drained" : "back in service";
}

function missingBaseUrl(): never {
  throw new ControlPlaneError("validation_failed", {
    problems: [{ path: "baseUrl", code: "required", message: "is required: every account of this kind has its own" }],
  });
}

function definedOnly<Values extends object>(values: Values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]?: Exclude<Values[Name], undefined>;
  };
}

function present(row: ConnectionDetails): ProviderConnection {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    baseUrl: row.baseUrl,
    enabled: row.enabled,
    drained: row.drained,
    region: row.region,
    jurisdiction: row.jurisdiction,
    zeroRetention: row.zeroRetention,
    noTraining: row.noTraining,
    abortBilling: row.abortBilling as ProviderConnection["abortBilling"],
    quirks: row.quirks as ProviderConnection["quirks"],
    probe: row.probe as ProviderConnection["probe"],
    credentials: row.credentials.map(({ id, hint, state, createdBy, createdAt }) => ({
      id,
      hint,
      state: state as ProviderConnection["credentials"][number]["state"],
      createdBy,
      createdAt: instant(createdAt),
    })),
    routeCount: new Set(row.targets.map(({ routeId }) => routeId)).size,
    createdAt: instant(row.createdAt),
  };
}
