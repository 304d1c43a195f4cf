import type { Headers, Leg, SentRequest } from "../exchange.ts";
import type { Finding } from "../report.ts";

/** Where a direct call goes. */
export interface ProviderTarget {
  /** The provider's id of the model. */
  readonly model: string;
  /** The connection's base URL: some providers name a deployment in the path on one of their surfaces. */
  readonly baseUrl: string;
}

/** One question, in the words of each way. */
export interface SuiteCase {
  readonly name: string;
  readonly title: string;
  /** The request to the provider; its path is below the base URL. */
  askProvider(target: ProviderTarget): SentRequest;
  /** The request to the gateway, for a route by its public name. */
  askGateway(route: string): SentRequest;
  /** What differs between the calls of the two ways. `direct` is the call without the gateway. */
  compare(throughGateway: Leg, direct: Leg): CaseFindings;
}

export interface CaseFindings {
  /** The request that the gateway made of the client's, against the direct one, as the provider received both. */
  readonly request: Finding;
  /** What the client got, against what the provider gave in the same call. */
  readonly passage: Finding;
  /** The gateway's answer against the direct one, which generated other words. */
  readonly answer: Finding;
}

/** Cases that clients of one protocol ask of providers of one protocol, which may be the same or another. */
export interface FidelitySuite {
  readonly name: string;
  /** Provider kinds that can be asked. */
  readonly kinds: readonly string[];
  readonly cases: readonly SuiteCase[];
  providerCredential(credential: string, kind: string): Headers;
  gatewayCredential(virtualKey: string): Headers;
}
