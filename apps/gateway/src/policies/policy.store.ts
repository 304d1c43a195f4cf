import type { ActivePolicy } from "./active-policy.ts";

/** Why the newest revision was refused (NACK); the last good one keeps running. */
export interface PolicyProblem {
  readonly revision: number;
  readonly problems: readonly string[];
}

/**
 * The one policy revision that this process runs. A swap is one assignment: a request that has pinned a revision keeps
 * it, the next request sees the new one.
 */
export class PolicyStore {
  #current: ActivePolicy | null = null;
  #problem: PolicyProblem | null = null;
  #confirmedAtMs: number | null = null;
  readonly #swapListeners: ((policy: ActivePolicy) => void)[] = [];
  readonly #changeListeners: (() => void)[] = [];

  get current(): ActivePolicy | null {
    return this.#current;
  }

  get problem(): PolicyProblem | null {
    return this.#problem;
  }

  /** When the database last said that this revision is the one to run; null while running from disk only. */
  get confirmedAtMs(): number | null {
    return this.#confirmedAtMs;
  }

  /** Called after each swap, and at once where a policy already runs. */
  onSwap(listener: (policy: ActivePolicy) => void): void {
    this.#swapListeners.push(listener);
    if (this.#current !== null) listener(this.#current);
  }

  /** Called after each swap and each refusal. */
  onChange(listener: () => void): void {
    this.#changeListeners.push(listener);
  }

  swap(policy: ActivePolicy): void {
    this.#current = policy;
    this.#problem = null;
    for (const listener of this.#swapListeners) listener(policy);
    for (const listener of this.#changeListeners) listener();
  }

  refuse(problem: PolicyProblem): void {
    this.#problem = problem;
    for (const listener of this.#changeListeners) listener();
  }

  confirm(nowMs: number): void {
    this.#confirmedAtMs = nowMs;
  }
}
