/** The table of DESIGN section 8: a row for each subject. */
import type { Subject } from "./subjects.ts";

export interface CallFigures {
  readonly subject: Subject;
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface StreamFigures {
  readonly subject: Subject;
  readonly firstTokenP50Ms: number;
  readonly firstTokenP99Ms: number;
}

export function tableOf(
  calls: readonly CallFigures[],
  streams: readonly StreamFigures[],
  memory: ReadonlyMap<Subject, number>,
): string {
  const direct = calls[0];
  const directStream = streams[0];
  const header = [
    "",
    "calls/s",
    "CPU µs/call",
    "p50 ms",
    "p99 ms",
    "added p50",
    "added p99",
    "first token p99",
    "added",
    "KiB/stream",
  ];
  const rows = calls.map((figures, index) => {
    const stream = streams[index];
    const bytes = memory.get(figures.subject);
    const addedTo = (value: number, base: number | undefined): string =>
      index === 0 ? "-" : (value - (base ?? 0)).toFixed(2);
    return [
      figures.subject.name,
      figures.perSecond.toFixed(0),
      figures.cpuMicroseconds.toFixed(0),
      figures.p50Ms.toFixed(2),
      figures.p99Ms.toFixed(2),
      addedTo(figures.p50Ms, direct?.p50Ms),
      addedTo(figures.p99Ms, direct?.p99Ms),
      (stream?.firstTokenP99Ms ?? 0).toFixed(2),
      addedTo(stream?.firstTokenP99Ms ?? 0, directStream?.firstTokenP99Ms),
      bytes === undefined ? "-" : (bytes / 1024).toFixed(0),
    ];
  });
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return [line(header), ...rows.map(line)].join("\n");
}
