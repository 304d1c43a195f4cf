import { Injectable } from "@nestjs/common";
import { issueAdminToken } from "@switchyard/secrets/admin-token";
import { deriveKey } from "@switchyard/secrets/derive-key";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { generatePassword } from "@switchyard/secrets/random-password";
import { issueVirtualKey } from "@switchyard/secrets/virtual-key";
import { hashPassword } from "better-auth/crypto";
import { AdminTokenRepository } from "../admin-tokens/admin-token.repository.ts";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { ControlPlaneEnv } from "../env.ts";
import { MemberRepository } from "../members/member.repository.ts";
import { OrganisationRepository } from "../organisation/organisation.repository.ts";
import { ProjectRepository } from "../projects/project.repository.ts";
import { QuotaRepository } from "../quotas/quota.repository.ts";
import { TeamRepository } from "../teams/team.repository.ts";
import { VirtualKeyRepository } from "../virtual-keys/virtual-key.repository.ts";
import { AlreadySeededError } from "./already-seeded.error.ts";

/** What the first person needs to get in. It exists in this answer only. */
export interface FirstAccess {
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly adminToken: string;
  readonly virtualKey: string;
}

const exampleBudgetPicoUsd = 100n * 10n ** 12n;

/** The organisation with its first owner, team, project, key and an example budget that only alerts. */
@Injectable()
export class OrganisationSeeder {
  readonly #organisations: OrganisationRepository;
  readonly #teams: TeamRepository;
  readonly #projects: ProjectRepository;
  readonly #keys: VirtualKeyRepository;
  readonly #members: MemberRepository;
  readonly #tokens: AdminTokenRepository;
  readonly #quotas: QuotaRepository;
  readonly #env: ControlPlaneEnv;

  constructor(
    organisations: OrganisationRepository,
    teams: TeamRepository,
    projects: ProjectRepository,
    keys: VirtualKeyRepository,
    members: MemberRepository,
    tokens: AdminTokenRepository,
    quotas: QuotaRepository,
    env: ControlPlaneEnv,
  ) {
    this.#organisations = organisations;
    this.#teams = teams;
    this.#projects = projects;
    this.#keys = keys;
    this.#members = members;
    this.#tokens = tokens;
    this.#quotas = quotas;
    this.#env = env;
  }

  async seed(
    connection: Connection,
    actor: Actor,
    adminEmail: string,
  ): Promise<{ organisationId: string; access: FirstAccess }> {
    if (await this.#organisations.exists(connection)) throw new AlreadySeededError();
    const organisationId = createUuidV7();
    const projectId = createUuidV7();
    await this.#organisations.insert(connection, organisationId, "My organisation");
    const team = await this.#teams.insert(connection, { id: createUuidV7(), organisationId, name: "Default team" });
    await this.#projects.insert(connection, { id: projectId, teamId: team.id, name: "Default project" });
    await this.#seedExampleBudget(connection, organisationId);
    return {
      organisationId,
      access: {
        adminEmail,
        adminPassword: await this.#seedOwner(connection, adminEmail),
        adminToken: await this.#seedAdminToken(connection, actor),
        virtualKey: await this.#seedVirtualKey(connection, actor, projectId),
      },
    };
  }

  async #seedOwner(connection: Connection, email: string): Promise<string> {
    const password = generatePassword();
    const passwordHash = await hashPassword(password);
    await this.#members.insert(connection, { name: "Admin", email, passwordHash, role: "owner" });
    return password;
  }

  async #seedAdminToken(connection: Connection, actor: Actor): Promise<string> {
    const { token, publicId, digest } = issueAdminToken(deriveKey(this.#env.keyring.active, "admin-token-pepper"));
    const row = { id: createUuidV7(), name: "First run", publicId, role: "owner", createdBy: actor.name };
    await this.#tokens.insert(connection, { ...row, digest: new Uint8Array(digest) });
    return token;
  }

  async #seedVirtualKey(connection: Connection, actor: Actor, projectId: string): Promise<string> {
    const pepper = deriveKey(this.#env.keyring.active, "virtual-key-pepper");
    const { token, publicId, digest, lastFour } = issueVirtualKey(pepper);
    await this.#keys.insert(connection, {
      id: createUuidV7(),
      projectId,
      name: "First key",
      publicId,
      digest: new Uint8Array(digest),
      lastFour,
      allowedRouteIds: null,
      passthroughConnectionIds: [],
      createdBy: actor.name,
      expiresAt: null,
    });
    return token;
  }

  // Soft: a hard one would put an output cap into requests that could otherwise pass byte for byte.
  async #seedExampleBudget(connection: Connection, organisationId: string): Promise<void> {
    await this.#quotas.insert(connection, {
      id: createUuidV7(),
      name: "Organisation, monthly",
      unit: "pico_usd",
      period: "month",
      timeZone: "UTC",
      limit: exampleBudgetPicoUsd,
      mode: "soft",
      whenShort: "refuse",
      scopeType: "organisation",
      scopeId: organisationId,
      eachOf: null,
      thresholds: [50, 80, 100],
    });
  }
}
