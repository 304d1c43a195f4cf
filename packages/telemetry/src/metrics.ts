import { collectDefaultMetrics, Registry, type Metric } from "prom-client";
import { LabelGuard } from "./label-guard.ts";
import {
  metricCatalogue,
  type LabelNameOf,
  type MetricDefinition,
  type MetricName,
  type MetricNameOf,
} from "./metric-catalogue.ts";
import { MetricFamily } from "./metric-family.ts";
import { CounterSeries, GaugeSeries, HistogramSeries, type MetricSeries } from "./metric-series.ts";

/** The metrics of one process. Asking for a metric declares it; asking again gives the same one. */
export interface Metrics {
  readonly registry: Registry;
  counter<Name extends MetricNameOf<"counter">>(name: Name): MetricFamily<CounterSeries, LabelNameOf<Name>>;
  gauge<Name extends MetricNameOf<"gauge">>(name: Name): MetricFamily<GaugeSeries, LabelNameOf<Name>>;
  histogram<Name extends MetricNameOf<"histogram">>(name: Name): MetricFamily<HistogramSeries, LabelNameOf<Name>>;
  /** This process's metrics in Prometheus text format; serve it as `registry.contentType`. */
  exposition(): Promise<string>;
}

/**
 * The metrics of this process, in a registry of their own: every metric of the catalogue on demand, and process metrics
 * (CPU, memory, event loop, garbage collection) unless switched off.
 */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  const guard = new LabelGuard();
  const families = new Map<MetricName, unknown>();
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry });

  function family<Series extends MetricSeries, Name extends MetricName>(
    name: Name,
    createSeries: (definition: MetricDefinition) => Series,
  ): MetricFamily<Series, LabelNameOf<Name>> {
    const known = families.get(name);
    if (known !== undefined) return known as MetricFamily<Series, LabelNameOf<Name>>;
    const definition: MetricDefinition = metricCatalogue[name];
    const created = new MetricFamily<Series, LabelNameOf<Name>>(name, definition, guard, () =>
      createSeries(definition),
    );
    families.set(name, created);
    // The registry only reads name, help, type, aggregator and get(); its type asks for prom-client's own classes.
    registry.registerMetric(created as unknown as Metric);
    return created;
  }

  return {
    registry,
    counter: (name) => family(name, () => new CounterSeries()),
    gauge: (name) => family(name, () => new GaugeSeries()),
    histogram: (name) => family(name, (definition) => new HistogramSeries(definition.buckets ?? [])),
    exposition: () => registry.metrics(),
  };
}
