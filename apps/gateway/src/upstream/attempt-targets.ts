import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { SetAsideMemory } from "../routing/set-aside.memory.ts";
import type { IssuedSecret } from "./credentials/exchange-credential.ts";
import type { CredentialVault } from "./credential-vault.ts";
import type { AttemptTarget } from "./live-attempt.ts";

/** Looks up what a planned attempt names, and picks a credential that is not set aside. */
export class AttemptTargets {
  readonly #vault: CredentialVault;
  readonly #setAside: SetAsideMemory;

  constructor(vault: CredentialVault, setAside: SetAsideMemory) {
    this.#vault = vault;
    this.#setAside = setAside;
  }

  /** A promise only where a short-lived credential has to be waited for. Throws an Error for a plan that does not fit the policy, which is a bug. */
  find(policy: ActivePolicy, planned: PlannedAttempt): AttemptTarget | Promise<AttemptTarget> {
    const connection = policy.connectionsById.get(planned.connectionId);
    const model = policy.modelsById.get(planned.modelId);
    const codec = policy.codecsByConnectionId.get(planned.connectionId);
    if (connection === undefined || model === undefined || codec === undefined) {
      throw new Error(`the plan names target ${planned.targetId}, which revision ${policy.number} cannot serve`);
    }
    const nowMs = Date.now();
    const usable = this.#vault
      .open(policy.revision.organisation.organisationId, connection)
      .filter(({ credentialId }) => !this.#setAside.has(credentialId, nowMs));
    const [credential = null] = usable;
    const target: AttemptTarget = {
      planned,
      connection,
      model,
      codec,
      credential,
      issued: null,
      hasOtherCredential: usable.length > 1,
      lacksCredential: usable.length === 0 && (codec.manifest.needsCredential || connection.credentials.length > 0),
    };
    if (credential === null || credential.longLived === null) return target;
    const issued = this.#vault.issue(credential, credential.longLived, nowMs);
    return issued instanceof Promise ? issued.then((secret) => withIssued(target, secret)) : withIssued(target, issued);
  }
}

/** Without anything to send, the target is as good as without a credential. */
function withIssued(target: AttemptTarget, issued: IssuedSecret | null): AttemptTarget {
  if (issued !== null) return { ...target, issued };
  return { ...target, credential: null, hasOtherCredential: false, lacksCredential: true };
}
