import { describe, expect, it } from "vitest";
import { metricCatalogue, type MetricDefinition } from "./metric-catalogue.ts";

const definitions: [string, MetricDefinition][] = Object.entries(metricCatalogue);

describe("metricCatalogue", () => {
  it.each(definitions)("%s follows the naming rules of Prometheus", (name, { type, help, labels, buckets }) => {
    expect(name).toMatch(/^switchyard_[a-z_]+$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(help).toMatch(/^[A-Z].*[^.]$/);
    expect(labels.every((label) => /^[a-z_]+$/.test(label) && label !== "le")).toBe(true);
    expect(buckets !== undefined).toBe(type === "histogram");
    expect(buckets?.toSorted((left, right) => left - right)).toEqual(buckets);
  });
});
