import { Injectable } from "@nestjs/common";
import type { AdminToken } from "@switchyard/api-contract/access";
import type { Role } from "@switchyard/api-contract/operation";
import { adminTokenPrefix, issueAdminToken } from "@switchyard/secrets/admin-token";
import { deriveKey } from "@switchyard/secrets/derive-key";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { ControlPlaneEnv } from "../env.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import { AdminTokenRepository, type AdminTokenRow } from "./admin-token.repository.ts";

@Injectable()
export class AdminTokensService {
  readonly #tokens: AdminTokenRepository;
  readonly #audit: AuditEntryRepository;
  readonly #env: ControlPlaneEnv;

  constructor(tokens: AdminTokenRepository, audit: AuditEntryRepository, env: ControlPlaneEnv) {
    this.#tokens = tokens;
    this.#audit = audit;
    this.#env = env;
  }

  async list(query: PageRequest): Promise<Page<AdminToken>> {
    const rows = await this.#tokens.list(query);
    return toPage(rows, query.limit, ({ createdAt, id }) => [createdAt, id], present);
  }

  async create(actor: Actor, body: { name: string; role: Role }): Promise<{ adminToken: AdminToken; token: string }> {
    const { token, publicId, digest } = issueAdminToken(deriveKey(this.#env.keyring.active, "admin-token-pepper"));
    const row = { id: createUuidV7(), ...body, publicId, digest: new Uint8Array(digest), createdBy: actor.name };
    const adminToken = await this.#tokens.transaction(async (connection) => {
      const created = present(await this.#tokens.insert(connection, row));
      const draft = { action: "admin_token.created", resourceType: "admin_token", resourceId: row.id };
      await this.#audit.record(connection, actor, { ...draft, after: { name: body.name, role: body.role } }, null);
      return created;
    });
    return { adminToken, token };
  }

  revoke(actor: Actor, id: string): Promise<AdminToken> {
    return this.#tokens.transaction(async (connection) => {
      const before = found(await this.#tokens.find(id, connection), "admin token");
      if (before.revokedAt !== null)
        throw new ControlPlaneError("key_not_active", { message: "The token is revoked already." });
      const after = present(await this.#tokens.revoke(connection, id, new Date()));
      const draft = { action: "admin_token.revoked", resourceType: "admin_token", resourceId: id };
      await this.#audit.record(connection, actor, { ...draft, before: { name: before.name, role: before.role } }, null);
      return after;
    });
  }
}

function present(row: AdminTokenRow): AdminToken {
  return {
    id: row.id,
    name: row.name,
    hint: `${adminTokenPrefix}${row.publicId}_…`,
    role: row.role as Role,
    createdBy: row.createdBy,
    createdAt: instant(row.createdAt),
    lastUsedAt: instant(row.lastUsedAt),
    revokedAt: instant(row.revokedAt),
  };
}
