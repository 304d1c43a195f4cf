/** The answer of a change of policy: the value for the client, and the revision that gateways now run. */
export class Published<Value> {
  readonly value: Value;
  readonly policyRevision: number;

  constructor(value: Value, policyRevision: number) {
    this.value = value;
    this.policyRevision = policyRevision;
  }

  /** The same revision with another answer. */
  with<Other>(value: Other): Published<Other> {
    return new Published(value, this.policyRevision);
  }
}
