import { compareAnswers, comparePassage, compareRequests } from "../comparison/compare-legs.ts";
import type { FidelityCase, FidelityProtocol } from "./fidelity-protocol.ts";
import type { FidelitySuite, SuiteCase } from "./fidelity-suite.ts";

/** The suite of a protocol that clients and the provider both speak: the same body goes both ways. */
export function sameProtocolSuite(protocol: FidelityProtocol): FidelitySuite {
  return {
    name: protocol.name,
    kinds: protocol.kinds,
    cases: protocol.cases.map((each) => caseOf(protocol, each)),
    providerCredential: (credential) => protocol.credentialHeaders(credential),
    gatewayCredential: (virtualKey) => protocol.credentialHeaders(virtualKey),
  };
}

function caseOf(protocol: FidelityProtocol, { name, title, body }: FidelityCase): SuiteCase {
  const { clientHeaders: headers, providerPath, gatewayPath } = protocol;
  return {
    name,
    title,
    askProvider: ({ model }) => ({ path: providerPath, headers, body: JSON.stringify({ model, ...body }) }),
    askGateway: (route) => ({ path: gatewayPath, headers, body: JSON.stringify({ model: route, ...body }) }),
    compare: (ours, theirs) => ({
      request: compareRequests(protocol, ours.received, theirs.received),
      passage: comparePassage(protocol, ours.answer, ours.provided),
      answer: compareAnswers(protocol, ours.answer, theirs.answer),
    }),
  };
}
