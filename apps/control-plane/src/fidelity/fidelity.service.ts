import { Inject, Injectable } from "@nestjs/common";
import type { FidelityRun, fidelityOperations } from "@switchyard/api-contract/fidelity";
import type { Route } from "@switchyard/api-contract/routes";
import type { CaseReport } from "@switchyard/fidelity/report";
import { runSuite } from "@switchyard/fidelity/run-suite";
import type { FidelitySuite } from "@switchyard/fidelity/suites/fidelity-suite";
import { suitesOfKind } from "@switchyard/fidelity/suites/registry";
import { codecOfConnection } from "@switchyard/providers/registry";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Actor } from "../auth/actor.ts";
import { ControlPlaneEnv } from "../env.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import { loggerToken } from "../logging.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { ProviderCaller } from "../provider-connections/provider-caller.ts";
import { ProviderConnectionsService } from "../provider-connections/provider-connections.service.ts";
import { RoutesService } from "../routes/routes.service.ts";
import { VirtualKeysService } from "../virtual-keys/virtual-keys.service.ts";
import { FidelityRuns } from "./fidelity-runs.ts";
import { passes } from "./gateway-encoding.ts";
import { FidelityWaysFactory, isKeyKnown, type WaysSubject } from "./fidelity-ways.ts";

const keyLifetimeMs = 30 * 60_000;
const publicationTimeoutMs = 15_000;

interface CheckedRoute extends Omit<WaysSubject, "virtualKey"> {
  readonly suites: readonly FidelitySuite[];
  readonly route: Route;
  readonly connectionName: string;
}

/** Runs the fidelity suite for a route, one run at a time, with a key that is issued for it and revoked after it. */
@Injectable()
export class FidelityService {
  readonly #runs: FidelityRuns;
  readonly #ways: FidelityWaysFactory;
  readonly #provider: ProviderCaller;
  readonly #connections: ProviderConnectionsService;
  readonly #routes: RoutesService;
  readonly #keys: VirtualKeysService;
  readonly #env: ControlPlaneEnv;
  readonly #logger: Logger;

  constructor(
    runs: FidelityRuns,
    ways: FidelityWaysFactory,
    provider: ProviderCaller,
    connections: ProviderConnectionsService,
    routes: RoutesService,
    keys: VirtualKeysService,
    env: ControlPlaneEnv,
    @Inject(loggerToken) logger: Logger,
  ) {
    this.#runs = runs;
    this.#ways = ways;
    this.#provider = provider;
    this.#connections = connections;
    this.#routes = routes;
    this.#keys = keys;
    this.#env = env;
    this.#logger = logger;
  }

  list(): FidelityRun[] {
    return this.#runs.newestFirst();
  }

  get(id: string): FidelityRun {
    return found(this.#runs.find(id), "fidelity run");
  }

  /** Issues the key and answers; the calls are made afterwards. */
  async start(
    actor: Actor,
    { routeId, projectId }: Call<typeof fidelityOperations.start>["body"],
  ): Promise<Published<FidelityRun>> {
    const checked = await this.#check(routeId);
    if (this.#runs.isAnyRunning) throw new ControlPlaneError("in_use", { message: "A run is under way; wait for it." });
    const issued = await this.#keys.issue(actor, {
      projectId,
      name: `Fidelity check of ${checked.route.name}`.slice(0, 120),
      allowedRouteIds: [routeId],
      passthroughConnectionIds: [],
      expiresAt: new Date(Date.now() + keyLifetimeMs).toISOString(),
    });
    const run: FidelityRun = {
      id: createUuidV7(),
      routeName: checked.route.name,
      connectionName: checked.connectionName,
      model: checked.model,
      protocol: checked.suites.map(({ name }) => name).join(", "),
      state: "running",
      message: null,
      caseCount: checked.suites.flatMap(({ cases }) => cases).length,
      cases: [],
      verdict: null,
      startedAt: new Date().toISOString(),
      startedBy: actor.name,
    };
    this.#runs.put(run);
    void this.#run(actor, run, checked, issued.value);
    return issued.with(run);
  }

  async #check(routeId: string): Promise<CheckedRoute> {
    const route = await this.#routes.get(routeId);
    const [target, ...others] = route.targets.filter(({ enabled }) => enabled);
    if (target === undefined || others.length > 0) throw notCheckable("The route must have exactly one target.");
    const connection = await this.#connections.toCall(target.connectionId);
    const codec = codecOfConnection(connection.kind, connection.quirks ?? undefined, connection.baseUrl);
    const suites = suitesOfKind(connection.kind).filter(({ name }) => codec !== undefined && passes(codec, name));
    if (codec === undefined || suites.length === 0) {
      throw notCheckable(`There are no cases to check ${connection.kind} by.`);
    }
    if (!this.#provider.sendsCredentialAsItIs(connection)) {
      throw notCheckable("The credential of the connection is exchanged for another one, which only a gateway does.");
    }
    const gatewayUrl = this.#env.publicGatewayUrl;
    if (gatewayUrl === null) throw notCheckable("PUBLIC_GATEWAY_URL is not set, so the gateway cannot be called.");
    const { connectionName, providerModel: model } = target;
    return { route, connection, connectionName, suites, codec, gatewayUrl, baseUrl: connection.baseUrl, model };
  }

  async #run(
    actor: Actor,
    run: FidelityRun,
    checked: CheckedRoute,
    { virtualKey, token }: { virtualKey: { id: string }; token: string },
  ): Promise<void> {
    const { suites, model, baseUrl, route, gatewayUrl } = checked;
    const cases: CaseReport[] = [];
    const put = (change: Partial<FidelityRun>) => this.#runs.put({ ...run, cases: presentCases(cases), ...change });
    try {
      if (!(await isKeyKnown(gatewayUrl, token, publicationTimeoutMs))) {
        return put({ state: "failed", message: "The gateway did not take the key that was issued for the run." });
      }
      const ways = this.#ways.create({ ...checked, virtualKey: token });
      const report = await runSuite({ suites, model, baseUrl, route: route.name }, ways, (each) => {
        cases.push(each);
        put({});
      });
      put({ state: "done", verdict: report.verdict });
    } catch (error) {
      // What the other side says stays in the log, without its text: only our own words go out.
      this.#logger.warn({ runId: run.id, error: (error as Error).name }, "a fidelity run failed");
      put({ state: "failed", message: "The provider or the gateway could not be reached, or did not answer in time." });
    } finally {
      await this.#keys.revoke(actor, virtualKey.id).catch((error: unknown) => {
        this.#logger.warn(
          { runId: run.id, error: (error as Error).name },
          "the key of a fidelity run expires by itself",
        );
      });
    }
  }
}

function presentCases(cases: readonly CaseReport[]): FidelityRun["cases"] {
  return structuredClone(cases) as FidelityRun["cases"];
}

function notCheckable(message: string): ControlPlaneError {
  return new ControlPlaneError("fidelity_not_checkable", { message });
}
