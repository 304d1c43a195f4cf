/** What infra/ says of metrics and settings exists in the code: nobody notices an alert on a name that is gone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { metricCatalogue } from "@switchyard/telemetry/metric-catalogue";
import { expect, it } from "vitest";
import { repositoryRoot } from "../src/repository-root.ts";

const infra = join(repositoryRoot, "infra");
const read = (...path: string[]): string => readFileSync(join(repositoryRoot, ...path), "utf8");

it("charts and alerts on metrics that are there", () => {
  const files = readdirSync(infra, { recursive: true, encoding: "utf8" }).filter((path) => /\.(yml|json)$/.test(path));
  const named = files.flatMap((path) => read("infra", path).match(/\bswitchyard_[a-z_]+/g) ?? []);
  const known = new Set(
    Object.entries(metricCatalogue).flatMap(([name, { type }]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  expect(new Set(named).size).toBeGreaterThan(15);
  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
});

it("sets variables that some process reads", () => {
  const settings = [...read("infra", "compose", "compose.yaml").matchAll(/^ {2,6}([A-Z][A-Z_]+):/gm)].map(
    ([, name]) => name,
  );
  const readers = ["apps/control-plane", "apps/gateway", "apps/worker"].map((app) => read(app, "src", "env.ts"));
  const source = [...readers, read("prisma", "src", "migrate-cli.ts")].join("\n");
  const ours = settings.filter((name) => name !== undefined && !name.startsWith("POSTGRES_"));
  expect(ours.length).toBeGreaterThan(8);
  expect(ours.filter((name) => !source.includes(name ?? ""))).toEqual([]);
});
