import { Inject, Injectable } from "@nestjs/common";
import type { Role } from "@switchyard/api-contract/operation";
import { parseAdminToken, verifyAdminToken } from "@switchyard/secrets/admin-token";
import { deriveKeys, type SubKey } from "@switchyard/secrets/derive-key";
import { dummyDigest } from "@switchyard/secrets/virtual-key";
import type { FastifyRequest } from "fastify";
import { ControlPlaneEnv } from "../env.ts";
import type { Actor } from "./actor.ts";
import { type Authentication, authenticationToken } from "./authentication.ts";
import { IdentityRepository } from "./identity.repository.ts";

export type Identity = { readonly actor: Actor; readonly by: "cookie" | "token" } | null;

/** Says who is behind a request: an admin token if one is sent, else the session cookie. */
@Injectable()
export class IdentityService {
  readonly #authentication: Authentication;
  readonly #identities: IdentityRepository;
  readonly #peppers: readonly SubKey<"admin-token-pepper">[];

  constructor(
    @Inject(authenticationToken) authentication: Authentication,
    identities: IdentityRepository,
    env: ControlPlaneEnv,
  ) {
    this.#authentication = authentication;
    this.#identities = identities;
    this.#peppers = deriveKeys(env.keyring, "admin-token-pepper");
  }

  async identify(request: FastifyRequest): Promise<Identity> {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) {
      const actor = await this.#byToken(authorization);
      return actor && { actor, by: "token" };
    }
    if (cookie === undefined) return null;
    const actor = await this.#bySession(cookie);
    return actor && { actor, by: "cookie" };
  }

  async #byToken(authorization: string): Promise<Actor | null> {
    const token = parseAdminToken(/^Bearer ([^\s]+)$/i.exec(authorization)?.[1]);
    if (!token) return null;
    const row = await this.#identities.findAdminToken(token.publicId);
    const isGenuine = verifyAdminToken(this.#peppers, token.secret, row?.digest ?? dummyDigest);
    if (!row || !isGenuine || row.revokedAt !== null) return null;
    await this.#identities.touchAdminToken(row.id, row.lastUsedAt, new Date());
    return { type: "admin_token", id: row.id, name: row.name, email: null, role: row.role as Role };
  }

  async #bySession(cookie: string): Promise<Actor | null> {
    const found = await this.#authentication.api.getSession({ headers: new Headers({ cookie }) });
    if (!found) return null;
    const member = await this.#identities.findMemberOfUser(found.user.id);
    if (!member) return null;
    const { name, email } = found.user;
    return { type: "member", id: member.id, name, email, role: member.role as Role };
  }
}
