import { compareAnswers, comparePassage, compareRequests } from "./comparison/compare-legs.ts";
import type { Leg, SentRequest } from "./exchange.ts";
import { type CaseReport, type FidelityReport, worstVerdict } from "./report.ts";
import type { FidelityCase, FidelityProtocol } from "./suites/fidelity-protocol.ts";

/** The two ways to the provider. Either may throw: then there is no report. */
export interface FidelityWays {
  direct(request: SentRequest, protocol: FidelityProtocol): Promise<Leg>;
  throughGateway(request: SentRequest, protocol: FidelityProtocol): Promise<Leg>;
}

export interface FidelitySubject {
  /** Those that the provider speaks, one after the other. */
  readonly protocols: readonly FidelityProtocol[];
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
  for (const protocol of subject.protocols) {
    for (const fidelityCase of protocol.cases) {
      const report = await runCase(subject, protocol, ways, fidelityCase);
      cases.push(report);
      onCase(report);
    }
  }
  const verdict = worstVerdict(cases.map((report) => report.verdict));
  return { protocol: subject.protocols.map(({ name }) => name).join(", "), model: subject.model, cases, verdict };
}

async function runCase(
  { model, route }: FidelitySubject,
  protocol: FidelityProtocol,
  ways: FidelityWays,
  { name, title, body }: FidelityCase,
): Promise<CaseReport> {
  const headers = protocol.clientHeaders;
  const asked = { path: protocol.providerPath, headers, body: JSON.stringify({ model, ...body }) };
  const theirs = await ways.direct(asked, protocol);
  const routed = { path: protocol.gatewayPath, headers, body: JSON.stringify({ model: route, ...body }) };
  const ours = await ways.throughGateway(routed, protocol);
  const request = compareRequests(protocol, ours.received, theirs.received);
  const passage = comparePassage(protocol, ours.answer, ours.provided);
  const answer = compareAnswers(protocol, ours.answer, theirs.answer);
  const verdict = worstVerdict([request.verdict, passage.verdict, answer.verdict]);
  return { name, title, request, passage, answer, verdict };
}
