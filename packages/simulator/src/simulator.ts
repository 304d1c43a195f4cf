import { createServer, type Server } from "node:http";
import { setImmediate } from "node:timers/promises";
import { BehaviourStore } from "./behaviour/behaviour-store.ts";
import { answerRoutes } from "./control-api/answer-routes.ts";
import { behaviourRoutes } from "./control-api/behaviour-routes.ts";
import { CONTROL_PREFIX, ControlServer } from "./control-api/control-server.ts";
import { ledgerRoutes } from "./control-api/ledger-routes.ts";
import { lifecycleRoutes } from "./control-api/lifecycle-routes.ts";
import { requestRoutes } from "./control-api/request-routes.ts";
import { Listener } from "./http/listener.ts";
import { Ledger } from "./ledger/ledger.ts";
import { LedgerFile } from "./ledger/ledger-file.ts";
import { CallServer } from "./provider/call-server.ts";
import { ProviderServer } from "./provider/provider-server.ts";
import { ReceivedRequests } from "./provider/received-requests.ts";
import { SentAnswers } from "./provider/sent-answers.ts";
import { SimulatedModels } from "./provider/simulated-models.ts";
import { Corpus } from "./text/corpus.ts";

const DEFAULT_SEED = "switchyard";
const DEFAULT_HOST = "127.0.0.1";
/** Longer than any client keeps an idle connection, so that the client is the one to close it. */
const KEEP_ALIVE_MS = 120_000;

export interface SimulatorOptions {
  /** Address to listen on; 127.0.0.1 unless told otherwise. */
  readonly host?: string | undefined;
  /** Two simulators with one seed give the same answers and draw the same faults. */
  readonly seed?: string | undefined;
  /** File that the ledger continues in and that outlives the process. */
  readonly ledgerFile?: string | undefined;
  /** When set, provider requests must carry this key. The control API needs none. */
  readonly apiKey?: string | undefined;
  /** Second port for the control API, needed to close the data port; 0 picks a free one. */
  readonly controlPort?: number | undefined;
  /** How many bytes of sent answers to keep for comparison; none unless told otherwise. */
  readonly keptAnswerBytes?: number | undefined;
}

export interface Simulator {
  /** Starts serving; port 0, the default, picks a free one. Rejects when a port is taken. */
  listen(port?: number): Promise<void>;
  /** Stops serving, closes every connection, and closes the ledger, once. Calls still open end as `interrupted`. */
  close(): Promise<void>;
  /** Where providers are played, such as `http://127.0.0.1:9090`. */
  readonly url: string;
  /** Where the control API is reachable even with the data port closed; the same as `url` without a control port. */
  readonly controlUrl: string;
  readonly behaviours: BehaviourStore;
  readonly ledger: Ledger;
  readonly requests: ReceivedRequests;
}

/**
 * A provider simulator, ready to listen. Reads an existing ledger file at once.
 *
 * @throws Error when the ledger file cannot be opened or is not a ledger
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { host = DEFAULT_HOST, seed = DEFAULT_SEED, controlPort } = options;
  const file = options.ledgerFile === undefined ? undefined : new LedgerFile(options.ledgerFile);
  const ledger = new Ledger({ file });
  const behaviours = new BehaviourStore();
  const requests = new ReceivedRequests();
  const models = new SimulatedModels(seed);
  const sentAnswers = new SentAnswers(options.keptAnswerBytes ?? 0);
  const calls = new CallServer({ behaviours, models, ledger, corpus: new Corpus(seed), sentAnswers });
  const provider = new ProviderServer({ calls, behaviours, requests, apiKey: options.apiKey });

  const dataServer: Server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (request.url?.startsWith(CONTROL_PREFIX)) control.handle(request, response);
    else provider.handle(request, response);
  });
  const listener = new Listener(dataServer, host);
  const reset = async (): Promise<void> => {
    behaviours.clear();
    requests.clear();
    sentAnswers.clear();
    models.reset();
    await listener.open();
  };
  const control = new ControlServer([
    ...answerRoutes(sentAnswers),
    ...behaviourRoutes(behaviours),
    ...ledgerRoutes(ledger),
    ...requestRoutes(requests),
    ...lifecycleRoutes({ seed, ledger, listener, hasControlPort: controlPort !== undefined, reset }),
  ]);
  const controlListener = new Listener(
    createServer((request, response) => control.handle(request, response)),
    host,
  );

  let closing: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    calls.stop();
    await Promise.all([listener.close(), controlListener.close()]);
    // A server counts as closed before its last connections have said so to their calls.
    while (ledger.openCalls > 0) await setImmediate();
    file?.close();
  };

  return {
    behaviours,
    ledger,
    requests,
    get url() {
      return urlOf(host, listener.port);
    },
    get controlUrl() {
      return urlOf(host, controlPort === undefined ? listener.port : controlListener.port);
    },
    async listen(port = 0) {
      try {
        await listener.open(port);
        if (controlPort !== undefined) await controlListener.open(controlPort);
      } catch (error) {
        await this.close();
        throw error;
      }
    },
    close: () => (closing ??= shutDown()),
  };
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
