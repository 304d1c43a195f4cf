/** Puts our figures and the providers' side by side. Pure: what is read where is the repository's. */
import type { ReconciliationRow } from "@switchyard/api-contract/reconciliation";
import { formatUsd, parsePicoUsd, picoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import {
  causeOfResidual,
  isSameModel,
  residualOf,
  type ReconciledFigures,
} from "@switchyard/metering/statements/residual-causes";
import type { CoveredDays, OurDoubts, OurFigures, TheirFigures } from "./reconciliation.repository.ts";

export interface FiguresToCompare {
  readonly ours: readonly OurFigures[];
  readonly doubts: readonly OurDoubts[];
  readonly theirs: readonly TheirFigures[];
  readonly covered: readonly CoveredDays[];
}

interface Pair extends Omit<ReconciledFigures, "neighbouringPicoUsd"> {
  readonly day: string;
  readonly connectionId: string;
  readonly model: string | null;
}

const dayMs = 86_400_000;

/** Rows by day, connection and model; `nameOf` names a connection. */
export function compareFigures(
  figures: FiguresToCompare,
  nameOf: (connectionId: string) => string,
): ReconciliationRow[] {
  const pairs = pairUp(figures);
  const residuals = new Map(pairs.map((pair) => [keyOf(pair.day, pair), residualOf(pair)]));
  const covered = new Set(figures.covered.map(({ connectionId, day }) => `${connectionId} ${day}`));
  return pairs
    .toSorted((left, right) => compareText(sortKey(left), sortKey(right)))
    .map((pair) => {
      const neighbouringPicoUsd = [-dayMs, dayMs].flatMap(
        (step) => residuals.get(keyOf(dayAfter(pair.day, step), pair)) ?? [],
      );
      const hasStatement = covered.has(`${pair.connectionId} ${pair.day}`);
      return present(pair, causeOfResidual({ ...pair, neighbouringPicoUsd }, hasStatement), nameOf);
    });
}

function pairUp({ ours, doubts, theirs }: FiguresToCompare): Pair[] {
  const doubtsOf = new Map(doubts.map((doubt) => [`${doubt.day} ${doubt.connectionId} ${doubt.modelId}`, doubt]));
  const pairs = new Map<string, Pair>();
  for (const row of ours) {
    const doubt = doubtsOf.get(`${row.day} ${row.connectionId} ${row.modelId}`);
    const pair: Pair = {
      day: row.day,
      connectionId: row.connectionId,
      model: row.providerModel,
      ours: {
        costPicoUsd: parsePicoUsd(row.cost),
        tokens: BigInt(row.tokens),
        requests: BigInt(doubt?.requests ?? 0),
        uncertainPicoUsd: parsePicoUsd(doubt?.uncertain ?? "0"),
        unpricedAttempts: BigInt(doubt?.unpriced ?? 0),
      },
      theirs: null,
    };
    pairs.set(keyOf(pair.day, pair), pair);
  }
  for (const row of theirs) {
    const model = ourSpelling(row, ours);
    const key = keyOf(row.day, { connectionId: row.connectionId, model });
    const pair = pairs.get(key) ?? { day: row.day, connectionId: row.connectionId, model, ours: null, theirs: null };
    pairs.set(key, { ...pair, theirs: addTheirs(pair.theirs, row) });
  }
  return [...pairs.values()];
}

/** The longest of our models' names that means the same, wherever in the period it was used. */
function ourSpelling({ connectionId, providerModel }: TheirFigures, ours: readonly OurFigures[]): string | null {
  if (providerModel === null) return null;
  const same = ours.filter((row) => row.connectionId === connectionId && isSameModel(providerModel, row.providerModel));
  const exact = same.find((row) => row.providerModel === providerModel);
  return (
    (exact ?? same.toSorted((a, b) => b.providerModel.length - a.providerModel.length)[0])?.providerModel ??
    providerModel
  );
}

function addTheirs(sum: Pair["theirs"], row: TheirFigures): NonNullable<Pair["theirs"]> {
  const cost = row.cost === null ? null : parsePicoUsd(row.cost);
  return {
    costPicoUsd: addKnown(sum?.costPicoUsd ?? null, cost) as PicoUsd | null,
    tokens: addKnown(sum?.tokens ?? null, row.tokens === null ? null : BigInt(row.tokens)),
    requests: addKnown(sum?.requests ?? null, row.requests === null ? null : BigInt(row.requests)),
  };
}

function addKnown(left: bigint | null, right: bigint | null): bigint | null {
  return left === null ? right : right === null ? left : left + right;
}

function present(pair: Pair, cause: ReconciliationRow["cause"], nameOf: (id: string) => string): ReconciliationRow {
  const { day, connectionId, model, ours, theirs } = pair;
  const residual = residualOf(pair);
  return {
    day,
    connectionId,
    connectionName: nameOf(connectionId),
    model,
    ours: ours && {
      costUsd: formatUsd(ours.costPicoUsd),
      tokens: ours.tokens.toString(),
      requests: ours.requests.toString(),
      uncertainUsd: formatUsd(ours.uncertainPicoUsd),
      unpricedAttempts: Number(ours.unpricedAttempts),
    },
    theirs: theirs && {
      costUsd: theirs.costPicoUsd === null ? null : formatUsd(theirs.costPicoUsd),
      tokens: theirs.tokens?.toString() ?? null,
      requests: theirs.requests?.toString() ?? null,
    },
    residualUsd: residual === null || cause === "no_statement" ? null : formatUsd(picoUsd(residual)),
    cause,
  };
}

function keyOf(day: string, { connectionId, model }: Pick<Pair, "connectionId" | "model">): string {
  return JSON.stringify([day, connectionId, model]);
}

function sortKey({ day, connectionId, model }: Pair): string {
  return `${day} ${connectionId} ${model ?? ""}`;
}

function dayAfter(day: string, stepMs: number): string {
  return new Date(Date.parse(day) + stepMs).toISOString().slice(0, 10);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
