import { Injectable } from "@nestjs/common";
import type { Member, Session } from "@switchyard/api-contract/access";
import type { Role } from "@switchyard/api-contract/operation";
import { generatePassword } from "@switchyard/secrets/random-password";
import { hashPassword } from "better-auth/crypto";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { instant } from "../database/instant.ts";
import { isUniqueViolation } from "../database/is-database-unavailable.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneEnv } from "../env.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import { OrganisationRepository } from "../organisation/organisation.repository.ts";
import { PolicyRevisionRepository } from "../policy-revisions/policy-revision.repository.ts";
import { MemberRepository, type MemberRow } from "./member.repository.ts";

@Injectable()
export class MembersService {
  readonly #members: MemberRepository;
  readonly #audit: AuditEntryRepository;
  readonly #organisations: OrganisationRepository;
  readonly #revisions: PolicyRevisionRepository;
  readonly #env: ControlPlaneEnv;

  constructor(
    members: MemberRepository,
    audit: AuditEntryRepository,
    organisations: OrganisationRepository,
    revisions: PolicyRevisionRepository,
    env: ControlPlaneEnv,
  ) {
    this.#members = members;
    this.#audit = audit;
    this.#organisations = organisations;
    this.#revisions = revisions;
    this.#env = env;
  }

  async session({ name, email, role }: Actor): Promise<Session> {
    const organisation = await this.#organisations.current();
    return {
      name,
      email,
      role,
      organisationId: organisation.id,
      organisationName: organisation.name,
      policyRevision: await this.#revisions.headNumber(),
      gatewayUrl: this.#env.publicGatewayUrl,
    };
  }

  async list(actor: Actor, query: PageRequest): Promise<Page<Member>> {
    const rows = await this.#members.list(query);
    return toPage(
      rows,
      query.limit,
      ({ user, id }) => [user.name, id],
      (row) => present(row, actor),
    );
  }

  async add(
    actor: Actor,
    body: { name: string; email: string; role: Role },
  ): Promise<{ member: Member; password: string }> {
    const password = generatePassword();
    const passwordHash = await hashPassword(password);
    const email = body.email.toLowerCase();
    try {
      const member = await this.#members.transaction(async (connection) => {
        const id = await this.#members.insert(connection, { ...body, email, passwordHash });
        const added = await this.#require(connection, id);
        await this.#record(connection, actor, "member.added", id, null, added);
        return present(added, actor);
      });
      return { member, password };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const problems = [{ path: "email", code: "email_taken", message: "belongs to a member already" }];
      throw new ControlPlaneError("email_taken", { problems, cause: error });
    }
  }

  changeRole(actor: Actor, id: string, role: Role): Promise<Member> {
    return this.#members.transaction(async (connection) => {
      const owners = await this.#members.lockOwners(connection);
      const before = await this.#require(connection, id);
      if (role !== "owner") requireAnotherOwner(owners, id);
      await this.#members.changeRole(connection, id, role);
      const after = await this.#require(connection, id);
      await this.#record(connection, actor, "member.role_changed", id, before, after);
      return present(after, actor);
    });
  }

  remove(actor: Actor, id: string): Promise<void> {
    return this.#members.transaction(async (connection) => {
      const owners = await this.#members.lockOwners(connection);
      const before = await this.#require(connection, id);
      requireAnotherOwner(owners, id);
      await this.#members.remove(connection, before.userId);
      await this.#record(connection, actor, "member.removed", id, before, null);
    });
  }

  async #require(connection: Connection, id: string): Promise<MemberRow> {
    return found(await this.#members.find(id, connection), "member");
  }

  async #record(
    connection: Connection,
    actor: Actor,
    action: string,
    resourceId: string,
    before: MemberRow | null,
    after: MemberRow | null,
  ): Promise<void> {
    const draft = {
      action,
      resourceType: "member",
      resourceId,
      before: before && auditState(before),
      after: after && auditState(after),
    };
    await this.#audit.record(connection, actor, draft, null);
  }
}

function requireAnotherOwner(owners: readonly string[], id: string): void {
  if (owners.length === 1 && owners[0] === id) throw new ControlPlaneError("last_owner");
}

function auditState({ role, user }: MemberRow) {
  return { name: user.name, email: user.email, role };
}

function present(row: MemberRow, actor: Actor): Member {
  return {
    id: row.id,
    name: row.user.name,
    email: row.user.email,
    role: row.role as Role,
    createdAt: instant(row.createdAt),
    isYou: actor.type === "member" && actor.id === row.id,
  };
}
