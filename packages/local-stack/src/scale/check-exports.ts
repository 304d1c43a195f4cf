/** Whether every export adds up to the ledger, to the pico-dollar. */
export interface ExportSum {
  readonly format: string;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly isEqual: boolean;
}

const formats = ["csv", "jsonl", "parquet", "focus-1.2", "focus-1.4"];

/** Writes every export of the range and compares its sum with the ledger's, which `ledgerUsd` tells. */
export async function checkExports(
  ask: (path: string) => Promise<unknown>,
  range: { readonly from: string; readonly to: string },
  ledgerUsd: string,
): Promise<ExportSum[]> {
  const sums: ExportSum[] = [];
  for (const format of formats) {
    const startedAt = performance.now();
    const path = `/api/reports/exports/${format}/manifest?from=${range.from}&to=${range.to}`;
    const { rows, bytes, sumUsd } = (await ask(path)) as { rows: number; bytes: number; sumUsd: string };
    const seconds = (performance.now() - startedAt) / 1_000;
    sums.push({ format, rows, bytes, seconds, isEqual: sumUsd === ledgerUsd });
  }
  return sums;
}
