/** The outcome of an audit of the mutants, as a table for a terminal. */
export interface MutantVerdict {
  readonly name: string;
  /** The invariants that it broke, as findings name them. */
  readonly broke: readonly { readonly number: number; readonly claim: string }[];
  /** Why it could not be audited; null where it was. */
  readonly trouble: string | null;
}

/** A gateway that does not run has not been caught at anything. */
export function isCaught({ broke, trouble }: MutantVerdict): boolean {
  return trouble === null && broke.length > 0;
}

export function describeMutants(verdicts: readonly MutantVerdict[], seed: number): string {
  const width = Math.max(...verdicts.map(({ name }) => name.length));
  const lines = verdicts.flatMap((verdict) => {
    const [first = verdict.trouble === null ? "SURVIVED" : `NOT AUDITED: ${verdict.trouble}`, ...others] =
      verdict.broke.map(({ number, claim }) => `${number}  ${claim}`);
    const indent = " ".repeat(width + 4);
    return [
      `  ${isCaught(verdict) ? "✓" : "✗"} ${verdict.name.padEnd(width)}  ${first}`,
      ...others.map((other) => `${indent}  ${other}`),
    ];
  });
  const caught = verdicts.filter(isCaught).length;
  return ["", ...lines, "", `  ${caught} of ${verdicts.length} mutants caught, seed ${seed}`, ""].join("\n");
}
