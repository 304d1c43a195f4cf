/** Every export of a range adds up to the ledger, says so in its manifest, and is what its format promises. */
import { createHash } from "node:crypto";
import { type ExportFormat, exportFormats, reportOperations } from "@switchyard/api-contract/reports";
import { teamOperations } from "@switchyard/api-contract/teams";
import type { Meter } from "@switchyard/metering/meters";
import { formatUsd, parseUsd, picoUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { focusHeaderFaults, focusRowFaults } from "@switchyard/metering/testing/focus-validator";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordCall } from "../../test/record-call.ts";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const thisHourMs = Math.floor(Date.now() / hourMs) * hourMs;
/** Reaches into the month before, where corrections are FOCUS corrections. */
const range = {
  from: new Date(thisHourMs - 62 * dayMs).toISOString(),
  to: new Date(thisHourMs + hourMs).toISOString(),
};
const nastyTeam = `=cmd|' /C calc'!A1`;
const nastyUsers = ["+1", "-2+3", "@SUM(A1)", "\tTAB", "＝1+1", 'quote " and, comma', "two\r\nlines", "lone\nline"];
const crowd = 3_500;
const mixedMeters: readonly Meter[] = ["input", "cached_input", "output", "reasoning", "images"];

beforeAll(async () => {
  controlPlane = await startControlPlane();
  const [team] = (await controlPlane.ok(teamOperations.list)).items;
  await controlPlane.ok(teamOperations.update, { params: { id: team!.id }, body: { name: nastyTeam } });
  // Costs that no whole unit price explains, and two prices in one hour.
  for (let call = 0; call < 60; call += 1) {
    await recordCall(controlPlane, {
      costPicoUsd: BigInt(call) ** 5n * 7_919n + 1n,
      startedAt: new Date(thisHourMs - (call % 40) * 36 * hourMs),
      meter: mixedMeters[call % mixedMeters.length]!,
      quantity: 1 + (call % 11),
      user: nastyUsers[call % nastyUsers.length]!,
      tags: [`env=${nastyUsers[call % nastyUsers.length]!.trim()}`, "=lone"],
    });
  }
  const old = await recordCall(controlPlane, { costPicoUsd: 500n, startedAt: new Date(thisHourMs - 61 * dayMs) });
  const fresh = await recordCall(controlPlane, { costPicoUsd: 500n, startedAt: new Date(thisHourMs) });
  const corrections = [
    { attemptId: old.attemptId, costUsd: "0.0000000002", note: "less" },
    { attemptId: fresh.attemptId, costUsd: "12.5", note: "more" },
  ];
  await controlPlane.ok(reportOperations.correct, { body: { corrections } });
  await recordUnexplained();
  await recordCrowd();
});

afterAll(() => controlPlane.stop());

/** An attempt of unknown usage, settled at its hold: money without a meter, as ingestion writes it. */
async function recordUnexplained(): Promise<void> {
  const startedAt = new Date(thisHourMs - 3 * dayMs);
  const cost = 77_000n;
  const { attemptId } = await recordCall(controlPlane, { costPicoUsd: cost, startedAt, usageSource: "upper_bound", user: "u" });
  const dimensions = await controlPlane.pool.query(
    `UPDATE cost_rollup_hour SET meter = 'adjustment', quantity = 0 WHERE end_user = 'u' AND cost_pico_usd = $1`,
    [cost.toString()],
  );
  expect([dimensions.rowCount, attemptId]).toEqual([1, expect.any(String)]);
} // prettier-ignore

/** Thousands of rows in one hour, in ledger and roll-ups alike: more than an export fetches at once. */
async function recordCrowd(): Promise<void> {
  const startedAt = new Date(thisHourMs - 2 * dayMs);
  const { place } = await recordCall(controlPlane, { costPicoUsd: 0n, startedAt });
  await controlPlane.pool.query(
    `WITH crowd AS (
       SELECT gen_random_uuid() AS id, n, n * 7919::bigint AS cost FROM generate_series(1, $1::integer) AS n
     ), booked AS (
       INSERT INTO ledger_entry (attempt_id, started_at, kind, amount_pico_usd, usage_source, request_id, team_id, project_id,
         virtual_key_id, connection_id, model_id)
       SELECT id, $2, 'settle', cost, 'provider_final', id, $4, $5, $6, $8, $9 FROM crowd
     )
     SELECT rollup_add_cost(jsonb_agg(jsonb_build_object(
       'startedAt', extract(epoch FROM $2::timestamptz)::bigint * 1000, 'organisationId', $3::text, 'teamId', $4::text,
       'projectId', $5::text, 'virtualKeyId', $6::text, 'user', 'ada', 'tags', jsonb_build_array('n=' || n),
       'routeId', $7::text, 'connectionId', $8::text, 'providerKind', 'openai-compatible', 'modelId', $9::text,
       'meter', 'output', 'quantity', n % 10, 'costPicoUsd', cost::text)))
     FROM crowd`,
    [
      crowd, startedAt, place.organisation_id, place.team_id, place.project_id, place.virtual_key_id, place.route_id,
      place.connection_id, place.model_id,
    ],
  );
} // prettier-ignore

async function download(format: ExportFormat, query: Record<string, string> = range) {
  const search = new URLSearchParams(query).toString();
  const answer = await fetch(`${controlPlane.url}/api/reports/exports/${format}?${search}`, {
    headers: { authorization: `Bearer ${controlPlane.access.adminToken}` },
  });
  expect(answer.status).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { bytes, text: bytes.toString("utf8"), headers: answer.headers };
}

/** Rows as a reader of Parquet that we did not write has them; decimals as their unscaled integers. */
async function readParquet(bytes: Buffer): Promise<Record<string, unknown>[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  const decimals = metadata.schema.filter((element) => element.converted_type === "DECIMAL");
  expect(decimals.map(({ name, precision, scale }) => [name, precision, scale])).toEqual([
    ["quantity", 38, 0],
    ["cost_usd", 38, 12],
  ]);
  // The reader would make floats of them.
  for (const element of decimals) delete element.converted_type;
  const rows = await parquetReadObjects({ file, metadata });
  const unscaled = (value: unknown) => BigInt.asIntN(128, BigInt(`0x${Buffer.from(value as Uint8Array).toString("hex")}`));
  return rows.map((row) => ({ ...row, quantity: unscaled(row["quantity"]), cost_usd: unscaled(row["cost_usd"]) }));
} // prettier-ignore

/** RFC 4180: quotes doubled inside quotes, line ends inside quotes kept. */
function parseCsv(text: string): Record<string, string>[] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") records.push([]);
  }
  expect(records.pop()).toEqual([]);
  const [header = [], ...rows] = records;
  expect(rows.filter((row) => row.length !== header.length)).toEqual([]);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index]!])));
}

async function amountsOf(format: ExportFormat, { bytes, text }: { bytes: Buffer; text: string }): Promise<string[]> {
  if (format === "parquet") {
    return (await readParquet(bytes)).map((row) => formatUsd(picoUsd(row["cost_usd"] as bigint)));
  }
  if (format === "jsonl") {
    return text.trimEnd().split("\n").map((line) => (JSON.parse(line) as { costUsd: string }).costUsd);
  }
  return parseCsv(text).map((row) => (format === "csv" ? row["cost_usd"]! : row["BilledCost"]!));
} // prettier-ignore

const sumOf = (amounts: readonly string[]) => formatUsd(sumPicoUsd(amounts.map(parseUsd)));

describe.each(exportFormats)("the %s export", (format) => {
  it("adds up to the ledger, and its manifest describes it to the byte", async () => {
    const { spendUsd } = await controlPlane.ok(reportOperations.ledger, { query: range });
    const { bytes, headers, text } = await download(format);
    const amounts = await amountsOf(format, { bytes, text });
    expect(amounts.length).toBeGreaterThan(crowd);
    expect(sumOf(amounts)).toBe(spendUsd);
    const manifest = await controlPlane.ok(reportOperations.exportManifest, { params: { format }, query: range });
    expect(manifest).toMatchObject({
      format,
      rows: amounts.length,
      bytes: bytes.length,
      sumUsd: spendUsd,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      from: range.from,
      to: range.to,
    });
    expect(headers.get("content-disposition")).toBe(`attachment; filename="${manifest.fileName}"`);
    const types: Partial<Record<ExportFormat, string>> = {
      jsonl: "application/x-ndjson; charset=utf-8",
      parquet: "application/vnd.apache.parquet",
    };
    expect(headers.get("content-type")).toBe(types[format] ?? "text/csv; charset=utf-8");
  });

  it("can be narrowed, and then adds up to that part", async () => {
    const query = { ...range, user: "+1" };
    const { totalUsd } = await controlPlane.ok(reportOperations.cost, { query });
    expect(sumOf(await amountsOf(format, await download(format, query)))).toBe(totalUsd);
    const manifest = await controlPlane.ok(reportOperations.exportManifest, { params: { format }, query });
    expect([manifest.sumUsd, totalUsd === "0"]).toEqual([totalUsd, false]);
  });

  it("of an hour without spend is a valid file of no rows", async () => {
    const query = { from: "2020-01-01T00:00:00Z", to: "2020-01-01T01:00:00Z" };
    const manifest = await controlPlane.ok(reportOperations.exportManifest, { params: { format }, query });
    expect(manifest).toMatchObject({ rows: 0, sumUsd: "0" });
    expect((await download(format, query)).bytes.length).toBe(manifest.bytes);
  });
});

describe.each(["1.2", "1.4"] as const)("FOCUS %s", (version) => {
  it("passes the rules of the specification's columns, cell by cell", async () => {
    const rows = parseCsv((await download(`focus-${version}`)).text);
    expect(focusHeaderFaults(version, Object.keys(rows[0]!))).toEqual([]);
    expect(rows.flatMap((row) => focusRowFaults(version, row))).toEqual([]);
  });

  it("has the corrections, the unexplained and the rests as adjustments", async () => {
    const rows = parseCsv((await download(`focus-${version}`)).text);
    const find = (meter: string) =>
      rows.filter((row) => row["x_Meter"] === meter).map((row) => [row["ChargeCategory"], row["ChargeClass"], row["BilledCost"]]);
    expect(find("adjustment")).toEqual([["Adjustment", "", "0.000000077"]]);
    expect(find("correction")).toEqual([
      ["Adjustment", "Correction", "-0.0000000003"],
      ["Adjustment", "", "12.4999999995"],
    ]);
    const rests = rows.filter((row) => row["ChargeDescription"]?.endsWith("rest of an average unit price"));
    expect(rests.length).toBeGreaterThan(10);
  }); // prettier-ignore

  it("has no cell that a spreadsheet runs, and numbers that are numbers", async () => {
    const rows = parseCsv((await download(`focus-${version}`)).text);
    expect(rows.every((row) => row["SubAccountName"] === `'${nastyTeam}`)).toBe(true);
    const running = rows.flatMap((row) => Object.entries(row).filter(([, cell]) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell)));
    expect(running.filter(([name]) => !name.endsWith("Cost"))).toEqual([]);
    expect(running.length).toBeGreaterThan(0);
    expect(JSON.parse(rows[0]!["Tags"]!)).toBeTypeOf("object");
  }); // prettier-ignore
});

it("keeps text as it is in JSON lines, where nothing runs", async () => {
  const lines = (await download("jsonl")).text.trimEnd().split("\n").map((line) => JSON.parse(line) as { user: string | null; team: { name: string } });
  expect(new Set(lines.map(({ team }) => team.name))).toEqual(new Set([nastyTeam]));
  expect(new Set(lines.map(({ user }) => user))).toEqual(new Set([...nastyUsers, "u", "ada"]));
}); // prettier-ignore

it("has every column in Parquet, typed, with what is not there as null", async () => {
  const rows = await readParquet((await download("parquet")).bytes);
  const [plain] = rows.filter((row) => row["user"] === "+1");
  expect(plain).toMatchObject({ team: nastyTeam, hour_start: expect.any(Date), tags: "env=+1,=lone" });
  expect(rows.every((row) => typeof row["organisation_id"] === "string" && "user" in row)).toBe(true);
});

it("tells of a named download what that file held, whatever has come since", async () => {
  const named = { ...range, download: "one" };
  const asked = { params: { format: "csv" }, query: named } as const;
  expect((await controlPlane.fails(reportOperations.exportManifest, asked)).status).toBe(404);
  const { bytes } = await download("csv", named);
  await recordCall(controlPlane, { costPicoUsd: 3n, startedAt: new Date(thisHourMs), user: "later" });
  const manifest = await controlPlane.ok(reportOperations.exportManifest, asked);
  expect(manifest).toMatchObject({
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    rows: parseCsv(bytes.toString()).length,
  });
  const present = await controlPlane.ok(reportOperations.exportManifest, { params: { format: "csv" }, query: range });
  expect(present.rows).toBe(manifest.rows + 1);
  const other = { params: { format: "jsonl" }, query: named } as const;
  expect((await controlPlane.fails(reportOperations.exportManifest, other)).status).toBe(404);
});

it("tells the size of an export: counted where that is quick, about where it is not", async () => {
  const sizeOf = async (query: typeof range) =>
    (await controlPlane.ok(reportOperations.exportSize, { params: { format: "csv" }, query })).rows;
  const csv = parseCsv((await download("csv")).text);
  expect(await sizeOf(range)).toBe(csv.length);
  const made = 15_000;
  await controlPlane.pool.query(
    `INSERT INTO cost_rollup_hour
     SELECT $1::timestamptz + n % 24 * interval '1 hour', int8send(n), 'o', 't', 'p', 'k', NULL, '{}', 'r', 'c', 'openai', 'm',
       'input', 1, 1 FROM generate_series(1, $2::bigint) AS n`,
    [new Date(thisHourMs - 200 * dayMs), made],
  );
  await controlPlane.pool.query("ANALYZE cost_rollup_hour");
  const year = { from: new Date(thisHourMs - 300 * dayMs).toISOString(), to: range.to };
  const whole = await sizeOf(year);
  expect(Math.abs(whole - made - csv.length)).toBeLessThan(0.1 * made);
});

it("knows no other format, and no range that is none", async () => {
  const params = { format: "xlsx" as ExportFormat };
  expect((await controlPlane.fails(reportOperations.exportManifest, { params, query: range })).status).toBe(400);
  expect((await controlPlane.fails(reportOperations.export, { params, query: range })).status).toBe(400);
  const backwards = { from: range.to, to: range.from };
  const answer = await controlPlane.fails(reportOperations.export, { params: { format: "csv" }, query: backwards });
  expect(answer.status).toBe(400);
});
