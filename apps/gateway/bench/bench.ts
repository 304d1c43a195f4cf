/**
 * The benchmark of DESIGN section 8, in one run on one machine: what the gateway costs, with every feature on, next to
 * the provider called directly and next to a bare forwarder. CPU time is the figure to trust; requests per second also
 * measure the load generator and whatever else the machine does. Run with `npm run bench`.
 */
import { pathToFileURL } from "node:url";
import { tableOf, type CallFigures, type StreamFigures } from "./bench-table.ts";
import { measureAdmission } from "./admission-cost.ts";
import { measureClassification } from "./classification-cost.ts";
import { measureDecision } from "./decision-cost.ts";
import { callsPerRound, measureCalls, rounds, type CallRounds } from "./call-cost.ts";
import { callPlan, connections, requestBody } from "./call-plan.ts";
import { generateLoad, holdStreams } from "./generate-load.ts";
import { residentBytes } from "./process-cost.ts";
import { inTurns, medianBy, quantile, type Rounds } from "./rounds.ts";
import { measureStreamCost, type StreamCost } from "./stream-cost.ts";
import { startSubjects, type Subject, type Subjects } from "./subjects.ts";

const streamRounds = 5;
const openStreams = 50;
const streamsPerRound = 400;
/** What a model of some size writes. Faster ones would make this a test of throughput, on which the calls above tell more. */
const tokensPerSecond = 50;
const tokensPerStream = { min: 40, max: 120 };
/** About what one stream takes: clients that all began at once would go on calling in the same instant. */
const streamMs = (1_000 * tokensPerStream.max) / tokensPerSecond;
const heldStreams = 1_000;
/** The first bars: DESIGN section 8. */
const mostCpuRatio = 1.8;
const mostAddedFirstTokenMs = 5;
const mostDecisionMicroseconds = 15;
const mostClassificationMicroseconds = 300;

/** Runs it all, prints the table, and answers whether every bar was held. */
export async function runBench(
  print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<boolean> {
  const subjects = await startSubjects();
  try {
    const { simulator, forwarders, gateway } = subjects;
    print(
      `${connections} connections, ${rounds} x ${callsPerRound} calls each; then ${openStreams} concurrent streams of ${tokensPerSecond} tokens/s\n`,
    );
    const calls = await measureCalls(subjects);
    const streams = await measureStreams(subjects, [simulator, forwarders[0], gateway]);
    const memory = await measureMemory(subjects, [forwarders[0], gateway]);
    const medianCalls = calls.bySubject.map((measured) => medianBy(measured, (figures) => figures.cpuMicroseconds));
    const medianStreams = streams.map((measured) => medianBy(measured, (figures) => figures.firstTokenP99Ms));
    print(tableOf(medianCalls, medianStreams, memory));
    printForwarders(calls, print);
    print(`\nadmission, 4 rate limits and 3 budgets: ${(await measureAdmission()).toFixed(1)} µs of CPU a call`);
    printStreamCost(await measureStreamCost(subjects), print);
    const isQuickToDecide = printDecision(print);
    return printBars(calls.bySubject, streams, print) && isQuickToDecide;
  } finally {
    await subjects.stop();
  }
}

function printForwarders({ forwarderMedians }: CallRounds, print: (line: string) => void): void {
  const costs = forwarderMedians.toSorted((a, b) => a - b).map((cost) => cost.toFixed(0));
  print(`the bare forwarder is the mean of ${costs.length} processes, which took ${costs.join(", ")} µs a call`);
}

function printStreamCost(costs: readonly StreamCost[], print: (line: string) => void): void {
  const forwarded = costs[0]?.cpuMicrosecondsPerToken ?? Number.NaN;
  print("\nCPU a streamed token");
  for (const { name, cpuMicrosecondsPerToken: cost } of costs) {
    print(`  ${name.padEnd(28)} ${cost.toFixed(0).padStart(5)} µs  ${(cost / forwarded).toFixed(2)} x`);
  }
}

function printDecision(print: (line: string) => void): boolean {
  const { medianMicroseconds, p99Microseconds } = measureDecision();
  const isHeld = medianMicroseconds <= mostDecisionMicroseconds;
  print(
    `decision, 10 targets in nested groups with conditions: median ${medianMicroseconds.toFixed(1)} µs, ` +
      `p99 ${p99Microseconds.toFixed(1)} µs (median at most ${mostDecisionMicroseconds}: ${isHeld ? "held" : "missed"})`,
  );
  const classification = measureClassification();
  const isQuick = classification.medianMicroseconds <= mostClassificationMicroseconds;
  print(
    `classification of 4,000 tokens: median ${classification.medianMicroseconds.toFixed(0)} µs, ` +
      `p99 ${classification.p99Microseconds.toFixed(0)} µs (median at most ${mostClassificationMicroseconds}: ${isQuick ? "held" : "missed"})`,
  );
  return isHeld && isQuick;
}

async function measureStreams(subjects: Subjects, all: readonly Subject[]): Promise<Rounds<StreamFigures>> {
  await subjects.behave({ outputTokens: tokensPerStream, tokensPerSecond, latencyMs: 20 });
  return inTurns(all, streamRounds, async (subject) => {
    const { firstBytesMs, failures } = await generateLoad({
      ...callPlan(subjects, subject, streamsPerRound),
      mode: "stream",
      body: requestBody(true),
      concurrency: openStreams,
      spreadMs: streamMs,
    });
    if (failures > 0) throw new Error(`${failures} of ${streamsPerRound} streams from the ${subject.name} failed`);
    const firstTokenP50Ms = quantile(firstBytesMs, 0.5);
    return { subject, firstTokenP50Ms, firstTokenP99Ms: quantile(firstBytesMs, 0.99) };
  });
}

async function measureMemory(subjects: Subjects, all: readonly Subject[]): Promise<Map<Subject, number>> {
  await subjects.behave({ outputTokens: 10_000, tokensPerSecond: 2 });
  const bytesPerStream = new Map<Subject, number>();
  for (const subject of all) {
    const before = residentBytes(subject.pid);
    const plan = { ...callPlan(subjects, subject, heldStreams), mode: "hold" as const, body: requestBody(true) };
    const held = await holdStreams({ ...plan, concurrency: heldStreams });
    bytesPerStream.set(subject, (residentBytes(subject.pid) - before) / heldStreams);
    await held.release();
  }
  return bytesPerStream;
}

/** Both bars compare what was measured within one round, seconds apart, and take the median of the rounds. */
function printBars(
  [, forwarder = [], gateway = []]: Rounds<CallFigures>,
  [direct = [], , streamed = []]: Rounds<StreamFigures>,
  print: (line: string) => void,
): boolean {
  const ratios = gateway.map((figures, round) => figures.cpuMicroseconds / (forwarder[round]?.cpuMicroseconds ?? 0));
  const added = streamed.map((figures, round) => figures.firstTokenP99Ms - (direct[round]?.firstTokenP99Ms ?? 0));
  const ratio = medianBy(ratios, Number);
  const addedMs = medianBy(added, Number);
  const isCheap = ratio <= mostCpuRatio;
  const isPrompt = addedMs <= mostAddedFirstTokenMs;
  print(
    `\nCPU per call, gateway / bare forwarder: ${ratio.toFixed(2)} (at most ${mostCpuRatio}: ${isCheap ? "held" : "missed"})`,
  );
  print(
    `first token, added p99 at ${openStreams} streams: ${addedMs.toFixed(2)} ms (at most ${mostAddedFirstTokenMs}: ${isPrompt ? "held" : "missed"})`,
  );
  return isCheap && isPrompt;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exitCode = (await runBench()) ? 0 : 1;
}
