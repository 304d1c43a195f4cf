import type { Leg, SentRequest } from "./exchange.ts";
import { type CaseReport, type FidelityReport, worstVerdict } from "./report.ts";
import type { FidelitySuite, SuiteCase } from "./suites/fidelity-suite.ts";

/** The two ways to the provider. Either may throw: then there is no report. */
export interface FidelityWays {
  direct(request: SentRequest, suite: FidelitySuite): Promise<Leg>;
  throughGateway(request: SentRequest, suite: FidelitySuite): Promise<Leg>;
}

export interface FidelitySubject {
  /** Those that fit the provider, one after the other. */
  readonly suites: readonly FidelitySuite[];
  /** The provider's id of the model. */
  readonly model: string;
  readonly baseUrl: string;
  /** The public name of a route that leads to that model at that provider and nowhere else. */
  readonly route: string;
}

/** Sends every case on both ways, one after the other, and compares. `onCase` hears of each as it is done. */
export async function runSuite(
  subject: FidelitySubject,
  ways: FidelityWays,
  onCase: (report: CaseReport) => void,
): Promise<FidelityReport> {
  const cases: CaseReport[] = [];
  for (const suite of subject.suites) {
    for (const suiteCase of suite.cases) {
      const report = await runCase(subject, suite, ways, suiteCase);
      cases.push(report);
      onCase(report);
    }
  }
  const verdict = worstVerdict(cases.map((report) => report.verdict));
  return { protocol: subject.suites.map(({ name }) => name).join(", "), model: subject.model, cases, verdict };
}

async function runCase(
  { model, baseUrl, route }: FidelitySubject,
  suite: FidelitySuite,
  ways: FidelityWays,
  suiteCase: SuiteCase,
): Promise<CaseReport> {
  const theirs = await ways.direct(suiteCase.askProvider({ model, baseUrl }), suite);
  const ours = await ways.throughGateway(suiteCase.askGateway(route), suite);
  const findings = suiteCase.compare(ours, theirs);
  const { request, passage, answer } = findings;
  const verdict = worstVerdict([request.verdict, passage.verdict, answer.verdict]);
  return { name: suiteCase.name, title: suiteCase.title, ...findings, verdict };
}
