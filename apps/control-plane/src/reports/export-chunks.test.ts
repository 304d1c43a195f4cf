import { Readable } from "node:stream";
import type { ExportFormat } from "@switchyard/api-contract/reports";
import { describe, expect, it } from "vitest";
import type { CostExportRow } from "./cost-export.repository.ts";
import { exportChunks } from "./export-chunks.ts";

const nowMs = Date.UTC(2026, 6, 15);
const nameOf = (_type: string, id: string) => `name of ${id}`;
const rowsPerBatch = 1_000;
const manyBatchesMs = 60_000;

function rowOf(index: number): CostExportRow {
  return {
    hour: new Date(Date.UTC(2026, 5, 1, index % 24)),
    organisation_id: "organisation",
    team_id: `team-${index % 7}`,
    project_id: "project",
    virtual_key_id: "key",
    end_user: null,
    tags: [],
    route_id: "route",
    connection_id: "connection",
    provider_kind: "openai",
    model_id: "model",
    meter: "output",
    quantity: "3",
    cost_pico_usd: (index * 3).toString(),
  };
}

/** Batches of rows, made when they are asked for; counts how many were. */
class RowSource {
  batchesRead = 0;
  isClosed = false;
  readonly #batches: number;

  constructor(batches: number) {
    this.#batches = batches;
  }

  async *read(): AsyncGenerator<CostExportRow[]> {
    try {
      for (; this.batchesRead < this.#batches; this.batchesRead += 1) {
        const first = this.batchesRead * rowsPerBatch;
        yield Array.from({ length: rowsPerBatch }, (_, offset) => rowOf(first + offset));
      }
    } finally {
      this.isClosed = true;
    }
  }
}

// 200,000 rows in the format that is quickest to write; the others go through the same code.
const files: readonly [format: ExportFormat, batches: number][] = [
  ["jsonl", 200],
  ["parquet", 50],
  ["focus-1.4", 40],
  ["focus-1.2", 20],
  ["csv", 20],
];

describe.each(files)("%s of %d batches of 1,000 rows", (format, batches) => {
  it("is read no faster than it is taken, a batch ahead at most", { timeout: manyBatchesMs }, async () => {
    const source = new RowSource(batches);
    const file = Readable.from(exportChunks(format, source.read(), async () => nameOf, nowMs));
    let rows = 0;
    let sum = 0n;
    let taken = 0;
    for await (const chunk of file) {
      const { rows: written, sumPicoUsd } = chunk as { rows: number; sumPicoUsd: bigint };
      rows += written;
      sum += sumPicoUsd;
      taken += Number(written > 0);
      // One that was taken, and two that the stream may hold ready.
      expect(source.batchesRead - taken).toBeLessThanOrEqual(2);
      expect(written).toBeLessThanOrEqual(rowsPerBatch);
    }
    expect(rows).toBe(rowsPerBatch * batches);
    // 3 x (0 + 1 + ... + (n - 1))
    expect(sum).toBe((3n * BigInt(rows) * BigInt(rows - 1)) / 2n);
  });

  it("is left unread when the download is given up", async () => {
    const source = new RowSource(batches);
    const file = Readable.from(exportChunks(format, source.read(), async () => nameOf, nowMs));
    for await (const _chunk of file) break;
    expect(source.batchesRead).toBeLessThanOrEqual(3);
    await expect.poll(() => source.isClosed).toBe(true);
  });
});

it("names are looked up a batch at a time, each id once a file", async () => {
  const asked: string[][] = [];
  const lookUp = async (ids: Iterable<string>) => {
    asked.push([...ids]);
    return nameOf;
  };
  const batches = (async function* () {
    yield [rowOf(0), rowOf(7)];
    yield [rowOf(1)];
  })();
  for await (const chunk of exportChunks("jsonl", batches, lookUp, nowMs)) expect(chunk.rows).toBeGreaterThan(0);
  expect(asked).toEqual([["organisation", "team-0", "project", "key", "route", "connection", "model"], ["team-1"]]);
});
