import { Counter, Histogram, Registry } from "prom-client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricCatalogue } from "./metric-catalogue.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

const createBare = (): Metrics => createMetrics({ processMetrics: false });

function samplesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("createMetrics", () => {
  it("shows what was counted in Prometheus text format", async () => {
    const metrics = createBare();
    metrics
      .counter("switchyard_attempts_total")
      .with({ provider: "openai", connection: "main", outcome: "complete" })
      .inc();
    metrics
      .counter("switchyard_attempts_total")
      .with({ provider: "openai", connection: "main", outcome: "complete" })
      .inc(2);
    metrics.gauge("switchyard_journal_bytes").with().set(7);
    metrics.gauge("switchyard_open_streams").with().add(3);
    metrics.gauge("switchyard_open_streams").with().add(-1);
    expect(samplesOf(await metrics.exposition())).toEqual([
      'switchyard_attempts_total{provider="openai",connection="main",outcome="complete"} 3',
      "switchyard_journal_bytes 7",
      "switchyard_open_streams 2",
    ]);
    expect(metrics.registry.contentType).toContain("text/plain; version=0.0.4");
  });

  it("agrees with prom-client's own counter and histogram, sample by sample", async () => {
    const route = fc.constantFrom("a", "b", 'c"\\\n');
    const { buckets } = metricCatalogue.switchyard_request_duration_seconds;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            route,
            provider: fc.constantFrom("x", "y"),
            value: fc.oneof(fc.double({ min: 0, max: 1_000, noNaN: true }), fc.constantFrom(...buckets)),
          }),
        ),
        async (observations) => {
          const metrics = createBare();
          const reference = new Registry();
          const histogram = metrics.histogram("switchyard_request_duration_seconds");
          const counter = metrics.counter("switchyard_cost_pico_usd_total");
          const settings = { help: "h", labelNames: ["route", "provider"], registers: [reference] };
          const name = "switchyard_request_duration_seconds";
          const referenceHistogram = new Histogram({ ...settings, name, buckets: [...buckets] });
          const referenceCounter = new Counter({ ...settings, name: "switchyard_cost_pico_usd_total" });
          for (const { value, ...labels } of observations) {
            histogram.with(labels).observe(value);
            referenceHistogram.observe(labels, value);
            if (value > 0) counter.with(labels).inc(value);
            if (value > 0) referenceCounter.inc(labels, value);
          }
          const normalise = (text: string): string[] =>
            samplesOf(text)
              .map((line) =>
                line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(",").toSorted().join(",")}}`),
              )
              .toSorted();
          expect(normalise(await metrics.exposition())).toEqual(normalise(await reference.metrics()));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("reads a gauge at the moment of the scrape", async () => {
    const metrics = createBare();
    let bytes = 1;
    metrics
      .gauge("switchyard_journal_bytes")
      .with()
      .readFrom(() => bytes);
    bytes = 42;
    expect(await metrics.exposition()).toContain("switchyard_journal_bytes 42");
  });

  it("ignores amounts that would spoil a series", async () => {
    const metrics = createBare();
    const counter = metrics.counter("switchyard_policy_rejected_total").with();
    for (const amount of [Number.NaN, -1, Infinity, 1]) counter.inc(amount);
    const histogram = metrics.histogram("switchyard_gateway_overhead_seconds").with();
    for (const value of [Number.NaN, Infinity, 0.2]) histogram.observe(value);
    const text = await metrics.exposition();
    expect(text).toContain("switchyard_policy_rejected_total 1\n");
    expect(text).toContain("switchyard_gateway_overhead_seconds_sum 0.2");
    expect(text).toContain("switchyard_gateway_overhead_seconds_count 1");
  });

  it("counts the values of a label beyond 2,000 as other", async () => {
    const metrics = createBare();
    const counter = metrics.counter("switchyard_quota_refusals_total");
    for (let index = 0; index < 2_500; index += 1) counter.with({ code: `code${index}` }).inc();
    counter.with({ code: "code5" }).inc();
    const samples = samplesOf(await metrics.exposition());
    expect(samples).toHaveLength(2_001);
    expect(samples).toContain('switchyard_quota_refusals_total{code="code1999"} 1');
    expect(samples).toContain('switchyard_quota_refusals_total{code="other"} 500');
    expect(samples).toContain('switchyard_quota_refusals_total{code="code5"} 2');
  });

  it("shares that limit among the metrics that use the label", async () => {
    const metrics = createBare();
    const errors = metrics.counter("switchyard_provider_errors_total");
    for (let index = 0; index < 2_000; index += 1) errors.with({ provider: `p${index}`, class: "timeout" }).inc();
    metrics.histogram("switchyard_request_duration_seconds").with({ route: "r", provider: "p2000" }).observe(1);
    const text = await metrics.exposition();
    expect(text).not.toContain("p2000");
    expect(text).toContain('switchyard_request_duration_seconds_count{route="r",provider="other"} 1');
  });

  it("bounds the series of a metric even where no single label is over its limit", async () => {
    const metrics = createBare();
    const tokens = metrics.counter("switchyard_tokens_total");
    for (let route = 0; route < 200; route += 1) {
      for (let meter = 0; meter < 150; meter += 1)
        tokens.with({ route: `r${route}`, provider: "p", meter: `m${meter}` }).inc();
    }
    const samples = samplesOf(await metrics.exposition());
    expect(samples).toHaveLength(20_001);
    expect(samples).toContain('switchyard_tokens_total{route="other",provider="other",meter="other"} 10000');
  });

  it("keeps secrets, control characters and length out of label values", async () => {
    const metrics = createBare();
    const counter = metrics.counter("switchyard_lease_refills_total");
    counter.with({ result: "sk-sy-CANARYabcdefgh" }).inc();
    counter.with({ result: `\u001b${"x".repeat(10_000)}` }).inc();
    const text = await metrics.exposition();
    expect(text).not.toContain("CANARY");
    expect(text).toContain('result="[redacted]"');
    expect(text).not.toContain("\u001b");
    expect(text.length).toBeLessThan(600);
  });

  it("gives the same series for the same labels and a family only once", () => {
    const metrics = createBare();
    const family = metrics.counter("switchyard_jobs_total");
    expect(metrics.counter("switchyard_jobs_total")).toBe(family);
    expect(family.with({ job: "a", result: "done" })).toBe(family.with({ result: "done", job: "a" }));
    expect(family.with({ job: "a", result: "done" })).not.toBe(family.with({ job: "a", result: "failed" }));
  });

  it("adds process metrics unless told otherwise", async () => {
    expect(await createMetrics().exposition()).toContain("process_cpu_seconds_total");
    expect(await createBare().exposition()).not.toContain("process_cpu");
  });
});
