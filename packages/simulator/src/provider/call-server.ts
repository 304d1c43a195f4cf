import type { ActiveBehaviour, BehaviourStore } from "../behaviour/behaviour-store.ts";
import { type CallPlan, planCall } from "../behaviour/plan-call.ts";
import { deliver } from "../delivery/deliver.ts";
import type { DeliveryResult } from "../delivery/delivery.ts";
import type { CallReading, ProviderCall, ProviderError } from "../formats/wire-format.ts";
import type { Ledger, OpenEntry } from "../ledger/ledger.ts";
import type { Corpus } from "../text/corpus.ts";
import { Dice } from "../text/dice.ts";
import { mixSeedWords, wordsOfDigest } from "../text/seed-words.ts";
import { type BillingTerms, billedTokens, FREE_OF_CHARGE } from "./bill-call.ts";
import type { Exchange } from "./exchange.ts";
import { prepareRejection, prepareResponse } from "./prepare-response.ts";
import type { CallRoute } from "./provider-router.ts";
import { scheduleDelivery } from "./schedule-delivery.ts";
import type { SentAnswers } from "./sent-answers.ts";
import type { SimulatedModel, SimulatedModels } from "./simulated-models.ts";

export interface CallServerOptions {
  readonly behaviours: BehaviourStore;
  readonly models: SimulatedModels;
  readonly ledger: Ledger;
  readonly corpus: Corpus;
  readonly sentAnswers: SentAnswers;
}

/** Serves billable calls: enters each into the ledger, answers it as its behaviour says, and bills it when it has ended. */
export class CallServer {
  readonly #options: CallServerOptions;
  #isStopping = false;

  constructor(options: CallServerOptions) {
    this.#options = options;
  }

  /** From now on, a call that ends unanswered was interrupted by the simulator, not aborted by its client. */
  stop(): void {
    this.#isStopping = true;
  }

  /** @param objection why the provider refuses the request whatever it says; undefined when there is nothing */
  serve(exchange: Exchange, route: CallRoute, objection: ProviderError | undefined): void {
    const reading = objection === undefined ? readCall(route, exchange) : { rejection: objection };
    if ("rejection" in reading) {
      this.#reject(exchange, route, reading.rejection, "");
      return;
    }
    const model = this.#options.models.find(route.provider, reading.call.model);
    if (model === undefined) this.#reject(exchange, route, { status: 404 }, reading.call.model);
    else this.#answer(exchange, route, reading.call, model);
  }

  #reject(exchange: Exchange, route: CallRoute, error: ProviderError, model: string): void {
    const entry = this.#open(exchange, route, "", false);
    const prepared = prepareRejection(route.format, error, model);
    const delivery = scheduleDelivery({
      exchange,
      format: route.format,
      prepared,
      call: undefined,
      plan: undefined,
      behaviour: undefined,
    });
    deliver(exchange.response, delivery, (result) => this.#close(entry, FREE_OF_CHARGE, result));
  }

  #answer(exchange: Exchange, route: CallRoute, call: ProviderCall, model: SimulatedModel): void {
    const active = this.#options.behaviours.resolve(route.provider, call.model);
    const callSeed = mixSeedWords(model.seed, wordsOfDigest(exchange.bodySha256));
    const plan = planNextCall(active, model, callSeed);
    const entry = this.#open(exchange, route, call.model, call.isStream);
    if (plan.isConnectionRefused) {
      this.#refuseConnection(exchange, entry);
      return;
    }
    const { format } = route;
    const behaviour = active?.behaviour;
    const context = {
      plan: plan.answer,
      dice: new Dice(callSeed),
      corpus: this.#options.corpus,
      modelSeed: model.seed,
      callId: exchange.id,
      createdSeconds: Math.floor(exchange.receivedAtMs / 1_000),
    };
    const prepared = prepareResponse(format, call, plan, context, behaviour);
    const onBodyPiece = this.#options.sentAnswers.recorderOf(exchange.attemptId);
    const delivery = scheduleDelivery({ exchange, format, prepared, call, plan, behaviour, onBodyPiece });
    deliver(exchange.response, delivery, (result) => this.#close(entry, prepared.terms, result));
  }

  #refuseConnection({ request, response }: Exchange, entry: OpenEntry): void {
    response.once("close", () =>
      this.#close(entry, FREE_OF_CHARGE, { status: null, outcome: "refused", generatedTokens: 0 }),
    );
    request.socket.destroy();
  }

  #open(
    { receivedAtMs, attemptId, bodySha256 }: Exchange,
    { provider, endpoint }: CallRoute,
    model: string,
    stream: boolean,
  ): OpenEntry {
    return this.#options.ledger.open({
      receivedAtMs,
      provider,
      model,
      endpoint: endpoint.name,
      attemptId,
      requestBodySha256: bodySha256,
      stream,
    });
  }

  #close(entry: OpenEntry, terms: BillingTerms, result: DeliveryResult): void {
    const isInterrupted = this.#isStopping && result.outcome === "aborted_by_client";
    const ended: DeliveryResult = isInterrupted ? { ...result, outcome: "interrupted" } : result;
    const tokens = billedTokens(terms, ended);
    this.#options.ledger.close(entry, {
      status: ended.status,
      outcome: ended.outcome,
      billedTokens: tokens,
      ...(tokens === null || terms.units === undefined ? {} : { billedUnits: terms.units }),
    });
  }
}

function readCall({ endpoint, groups }: CallRoute, { body, request }: Exchange): CallReading {
  if (endpoint.readForm !== undefined) return endpoint.readForm(body, request.headers["content-type"] ?? "");
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return { rejection: { status: 400, code: "invalid_json" } };
  }
  return endpoint.readCall(parsed, groups);
}

/** Counts the call and decides it. Draws depend on the seed, provider, model, body and the model's call count alone. */
function planNextCall(active: ActiveBehaviour | undefined, model: SimulatedModel, callSeed: Uint32Array): CallPlan {
  model.calls += 1;
  if (active !== undefined) active.calls += 1;
  return planCall(active?.behaviour, active?.calls ?? model.calls, new Dice(callSeed, model.calls));
}
