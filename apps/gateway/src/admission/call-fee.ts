import type { GatewayFee } from "@switchyard/metering/gateway-fee";

/** The fee of one request while it is under way: its amount for each request is charged with the first attempt that settles. */
export class CallFee {
  readonly terms: GatewayFee;
  #isRequestPartDue = true;

  constructor(terms: GatewayFee) {
    this.terms = terms;
  }

  get isRequestPartDue(): boolean {
    return this.#isRequestPartDue;
  }

  noteSettled(): void {
    this.#isRequestPartDue = false;
  }
}
