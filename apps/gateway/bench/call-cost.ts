/** What a call costs: the provider called directly, through bare forwarders, and through the gateway. */
import type { CallFigures } from "./bench-table.ts";
import { callPlan } from "./call-plan.ts";
import { generateLoad } from "./generate-load.ts";
import { cpuMicroseconds } from "./process-cost.ts";
import { inTurns, medianBy, quantile, type Rounds } from "./rounds.ts";
import type { Subject, Subjects } from "./subjects.ts";

export const rounds = 7;
export const callsPerRound = 5_000;
/** Enough for the compiler to be done with every subject: a gateway runs for weeks. */
const warmUpCalls = 60_000;
/** The end of its attempt, and its own. */
const eventsPerCall = 2;

export interface CallRounds {
  /** The simulator, the forwarders as one, the gateway. */
  readonly bySubject: Rounds<CallFigures>;
  /** CPU a call of each of the forwarders. */
  readonly forwarderMedians: readonly number[];
}

/** The forwarders of a round count as one. */
export async function measureCalls(subjects: Subjects): Promise<CallRounds> {
  const { simulator, forwarders, gateway } = subjects;
  const all = [simulator, ...forwarders, gateway];
  await subjects.behave({ outputTokens: 120 });
  for (const subject of all) await generateLoad(callPlan(subjects, subject, warmUpCalls));
  const measured = await inTurns(all, rounds, (subject) => measureRound(subjects, subject));
  // No gateway in service is so far behind with its records, and streams are not measured on one that is.
  await subjects.takeIn(eventsPerCall * (warmUpCalls + rounds * callsPerRound));
  const [direct = [], ...through] = measured;
  const ofGateway = through.pop() ?? [];
  const ofForwarders = Array.from({ length: rounds }, (_, round) =>
    meanOf(through.flatMap((figures) => figures[round] ?? [])),
  );
  const forwarderMedians = through.map(
    (figures) => medianBy(figures, (round) => round.cpuMicroseconds).cpuMicroseconds,
  );
  return { bySubject: [direct, ofForwarders, ofGateway], forwarderMedians };
}

async function measureRound(subjects: Subjects, subject: Subject): Promise<CallFigures> {
  const cpuBefore = cpuMicroseconds(subject.pid);
  const result = await generateLoad(callPlan(subjects, subject, callsPerRound));
  const cpuUsed = cpuMicroseconds(subject.pid) - cpuBefore;
  if (result.failures > 0)
    throw new Error(`${result.failures} of ${callsPerRound} calls to the ${subject.name} failed`);
  return {
    subject,
    perSecond: callsPerRound / result.seconds,
    cpuMicroseconds: cpuUsed / callsPerRound,
    p50Ms: quantile(result.latenciesMs, 0.5),
    p99Ms: quantile(result.latenciesMs, 0.99),
  };
}

function meanOf(figures: readonly CallFigures[]): CallFigures {
  const [first] = figures;
  if (first === undefined) throw new Error("nothing was measured");
  const mean = (by: (figures: CallFigures) => number): number =>
    figures.reduce((sum, one) => sum + by(one), 0) / figures.length;
  return {
    subject: first.subject,
    perSecond: mean(({ perSecond }) => perSecond),
    cpuMicroseconds: mean(({ cpuMicroseconds: cpu }) => cpu),
    p50Ms: mean(({ p50Ms }) => p50Ms),
    p99Ms: mean(({ p99Ms }) => p99Ms),
  };
}
