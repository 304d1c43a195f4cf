import { redactText } from "./redact-value.ts";

const mostValuesPerLabel = 2_000;
const longestValueBytes = 128;

/** What every label value beyond the limit is counted under. */
export const overflowLabelValue = "other";

/**
 * Keeps label values few, short and free of secrets: the first 2,000 values of a label name are kept, later ones become
 * "other". Without it one client that invents model names could fill the memory of the gateway and of Prometheus.
 */
export class LabelGuard {
  readonly #seen = new Map<string, Set<string>>();

  admit(labelName: string, value: string): string {
    const admitted = redactText(value, longestValueBytes);
    const values = this.#seen.get(labelName) ?? new Set<string>();
    this.#seen.set(labelName, values);
    if (values.has(admitted)) return admitted;
    if (values.size >= mostValuesPerLabel) return overflowLabelValue;
    values.add(admitted);
    return admitted;
  }
}
