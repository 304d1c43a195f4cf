import { compareAnswers, comparePassage, compareRequests } from "./comparison/compare-legs.ts";
import type { Leg, SentRequest } from "./exchange.ts";
import { type CaseReport, type FidelityReport, worstVerdict } from "./report.ts";
import type { FidelityCase, FidelityProtocol } from "./suites/fidelity-protocol.ts";

/** The two ways to the provider. Either may throw: then there is no report. */
export interface FidelityWays {
  direct(request: SentRequest): Promise<Leg>;
  throughGateway(request: SentRequest): Promise<Leg>;
}

export interface FidelitySubject {
  readonly protocol: FidelityProtocol;
  /** The provider's id of the model. */
  readonly model: string;
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
  for (const fidelityCase of subject.protocol.cases) {
    const report = await runCase(subject, ways, fidelityCase);
    cases.push(report);
    onCase(report);
  }
  const verdict = worstVerdict(cases.map((report) => report.verdict));
  return { protocol: subject.protocol.name, model: subject.model, cases, verdict };
}

async function runCase(
  { protocol, model, route }: FidelitySubject,
  ways: FidelityWays,
  { name, title, body }: FidelityCase,
): Promise<CaseReport> {
  const headers = protocol.clientHeaders;
  const theirs = await ways.direct({
    path: protocol.providerPath,
    headers,
    body: JSON.stringify({ model, ...body }),
  });
  const ours = await ways.throughGateway({
    path: protocol.gatewayPath,
    headers,
    body: JSON.stringify({ model: route, ...body }),
  });
  const request = compareRequests(protocol, ours.received, theirs.received);
  const passage = comparePassage(protocol, ours.answer, ours.provided);
  const answer = compareAnswers(protocol, ours.answer, theirs.answer);
  const verdict = worstVerdict([request.verdict, passage.verdict, answer.verdict]);
  return { name, title, request, passage, answer, verdict };
}
