import { Injectable } from "@nestjs/common";
import type { PolicyRevision } from "@switchyard/policy-engine/policy/policy-revision";
import { validatePolicyRevision } from "@switchyard/policy-engine/policy/validate-policy";
import { providerKindRules } from "@switchyard/providers/registry";
import { sha256Hex } from "@switchyard/secrets/content-key";
import { type AuditDraft, AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { Published } from "../operations/published.ts";
import { canonicalJson } from "./canonical-json.ts";
import { compilePolicy } from "./compile-policy.ts";
import { locateProblems } from "./locate-problems.ts";
import { type Head, PolicyRevisionRepository } from "./policy-revision.repository.ts";
import { PolicyRowsRepository } from "./policy-rows.repository.ts";

/** What a change did to the tables, before anybody else can see it. */
export interface AppliedChange<Value> {
  readonly value: Value;
  /** One line of the history: `Route fast: weights changed`. */
  readonly summary: string;
  readonly audit: AuditDraft;
}

/**
 * The only way to change policy. One transaction locks the head, applies the change, compiles everything, validates it,
 * writes the next revision and the audit entry and moves the head; or none of that happened. The commit announces the
 * revision (trigger on policy_head). A change that compiles to the same bytes makes no revision, unless those of the head
 * are damaged: gateways refuse it, and any publication gives them a sound one.
 */
@Injectable()
export class PolicyRevisionPublisher {
  readonly #revisions: PolicyRevisionRepository;
  readonly #rows: PolicyRowsRepository;
  readonly #audit: AuditEntryRepository;

  constructor(revisions: PolicyRevisionRepository, rows: PolicyRowsRepository, audit: AuditEntryRepository) {
    this.#revisions = revisions;
    this.#rows = rows;
    this.#audit = audit;
  }

  publish<Value>(
    actor: Actor,
    apply: (connection: Connection) => Promise<AppliedChange<Value>>,
  ): Promise<Published<Value>> {
    return this.#revisions.inOrder(async (connection, head) => {
      const change = await apply(connection);
      const content = canonicalJson(await this.#compile(connection, change.audit));
      const sha256 = sha256Hex(content);
      const isNew = head?.sha256 !== sha256 || !head.isIntact;
      const number = nextNumber(head, isNew);
      if (isNew) {
        const { summary } = change;
        await this.#revisions.publish(connection, { number, content, sha256, summary, createdBy: actor.name });
      }
      await this.#audit.record(connection, actor, change.audit, isNew ? number : null);
      return new Published(change.value, number);
    });
  }

  async #compile(connection: Connection, audit: AuditDraft): Promise<PolicyRevision> {
    const candidate = compilePolicy(await this.#rows.load(connection), new Date());
    const validation = validatePolicyRevision(candidate, providerKindRules);
    if (validation.ok) return validation.revision;
    throw new ControlPlaneError("invalid_policy", { problems: locateProblems(validation.problems, candidate, audit) });
  }
}

function nextNumber(head: Head | null, isNew: boolean): number {
  return (head?.number ?? 0) + (isNew ? 1 : 0);
}
