import { overflowLabelValue, type LabelGuard } from "./label-guard.ts";
import type { MetricDefinition } from "./metric-catalogue.ts";
import type { MetricSample, MetricSeries } from "./metric-series.ts";

const mostSeries = 20_000;

interface LabelledSeries<Series> {
  readonly labels: Readonly<Record<string, string>>;
  readonly series: Series;
}

// One level per label, in the order of the label names, so that a look-up neither sorts nor allocates.
class LabelBranch<Series> {
  readonly children = new Map<string, LabelBranch<Series>>();
  series: Series | undefined;
}

/** One metric with its series. It has the shape that a prom-client registry asks of a metric. */
export class MetricFamily<Series extends MetricSeries, LabelName extends string> {
  readonly name: string;
  readonly help: string;
  readonly type: MetricDefinition["type"];
  readonly aggregator: string;
  readonly #labelNames: readonly string[];
  readonly #createSeries: () => Series;
  readonly #guard: LabelGuard;
  readonly #root = new LabelBranch<Series>();
  readonly #all: LabelledSeries<Series>[] = [];

  constructor(name: string, definition: MetricDefinition, guard: LabelGuard, createSeries: () => Series) {
    this.name = name;
    this.help = definition.help;
    this.type = definition.type;
    this.aggregator = definition.aggregator ?? "sum";
    this.#labelNames = definition.labels;
    this.#guard = guard;
    this.#createSeries = createSeries;
    // A metric without labels is shown from the start, at zero.
    if (definition.labels.length === 0) this.#create({});
  }

  /** The series of these label values, made on first use. Keep it where the labels are known in advance. */
  with(...labels: [LabelName] extends [never] ? [] : [Readonly<Record<LabelName, string>>]): Series {
    const values: Readonly<Record<string, string>> = labels[0] ?? {};
    return this.#find(values) ?? this.#create(values);
  }

  async get(): Promise<{ name: string; help: string; type: string; aggregator: string; values: MetricSample[] }> {
    const values = this.#all.flatMap(({ labels, series }) => series.samples(this.name, labels));
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values };
  }

  #find(values: Readonly<Record<string, string>>): Series | undefined {
    let branch: LabelBranch<Series> | undefined = this.#root;
    for (const name of this.#labelNames) {
      branch = branch.children.get(values[name] ?? "");
      if (branch === undefined) return undefined;
    }
    return branch.series;
  }

  #create(values: Readonly<Record<string, string>>): Series {
    const isFull = this.#all.length >= mostSeries;
    const labels: Record<string, string> = {};
    let branch = this.#root;
    for (const name of this.#labelNames) {
      const value = isFull ? overflowLabelValue : this.#guard.admit(name, String(values[name] ?? ""));
      labels[name] = value;
      const next = branch.children.get(value) ?? new LabelBranch<Series>();
      branch.children.set(value, next);
      branch = next;
    }
    if (branch.series === undefined) {
      branch.series = this.#createSeries();
      this.#all.push({ labels, series: branch.series });
    }
    return branch.series;
  }
}
