/**
 * The event model as events of OpenAI's Responses, as values: a stream sends them, and a whole response is what the last
 * of them holds, so that both say the same.
 */
import type { AnswerState } from "../../events/answer-state.ts";
import type { FinishReason, ModelEvent } from "../../events/model-event.ts";
import type { AnswerOptions } from "../../provider-codec.ts";
import type { ClientError } from "../client-protocol.ts";
import { OutputItems } from "./output-items.ts";
import type { ResponseEvent } from "./response-event.ts";
import { failureEvents } from "./write-failure.ts";
import { responsesUsage } from "./write-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a response repeats of its request, and what stands there where the request says nothing. */
const repeated: Fields = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  reasoning: { effort: null, summary: null },
  service_tier: null,
  temperature: null,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: "disabled",
  user: null,
};

export class ResponseEvents {
  readonly #options: Pick<AnswerOptions, "createdSeconds" | "request">;
  #head: Fields = {};
  #items = new OutputItems("0");
  #sequence = 0;
  #reason: FinishReason = "stop";
  #hasRefusalText = false;

  constructor(options: Pick<AnswerOptions, "createdSeconds" | "request">) {
    this.#options = options;
  }

  of(event: ModelEvent): ResponseEvent[] {
    return this.#number(this.#eventsOf(event));
  }

  /** The end, once the whole answer is known to be good: an error may still follow a finish. */
  end({ usage, serviceTier }: AnswerState): ResponseEvent[] {
    // A refusal in words is a message like any other; one without is an answer that was cut.
    const isFiltered = this.#reason === "content_filter" && !this.#hasRefusalText;
    const isCut = this.#reason === "length";
    const status = isCut || isFiltered ? "incomplete" : "completed";
    const closed = this.#items.close(isCut ? "incomplete" : "completed");
    const detail = isCut ? { reason: "max_output_tokens" } : isFiltered ? { reason: "content_filter" } : null;
    const response = {
      ...this.#head,
      ...(serviceTier === null ? {} : { service_tier: serviceTier }),
      status,
      completed_at: status === "completed" ? this.#options.createdSeconds : null,
      incomplete_details: detail,
      output: this.#items.output,
      usage: responsesUsage(usage),
    };
    return this.#number([...closed, { type: `response.${status}`, response }]);
  }

  fail(error: ClientError): ResponseEvent[] {
    return failureEvents(error, { ...this.#head, output: this.#items.output }, this.#sequence);
  }

  #eventsOf(event: ModelEvent): ResponseEvent[] {
    switch (event.type) {
      case "start": {
        this.#start(event.id, event.model);
        const response = this.#head;
        return [
          { type: "response.created", response },
          { type: "response.in_progress", response },
        ];
      }
      case "text":
        return this.#items.text("output_text", event.text);
      case "logprobs":
        this.#items.expect(event.tokens);
        return [];
      case "reasoning":
        return this.#items.reasoning(event.text);
      case "sealed_reasoning":
        return this.#items.seal(event.block);
      case "tool_start":
        return this.#items.startCall(event.id, event.name);
      case "tool_arguments":
        return this.#items.extendCall(event.fragment);
      case "refusal":
        if (event.text === null) return [];
        this.#hasRefusalText = true;
        return this.#items.text("refusal", event.text);
      case "media":
        return this.#items.picture(event.data);
      case "citation":
        return this.#items.annotate(event.citation);
      case "finish":
        this.#reason = event.reason;
        return [];
      case "tool_end":
        // Unless it was cut, which only the finish tells, a call ends when the next item begins.
        return [];
      case "usage":
      case "end":
      case "failure":
        return [];
    }
  }

  #start(id: string | null, model: string | null): void {
    const { createdSeconds, request } = this.#options;
    const ids = id ?? String(createdSeconds);
    this.#items = new OutputItems(ids);
    const same = Object.keys(repeated).map((name) => [name, request[name] ?? repeated[name]]);
    this.#head = {
      id: `resp_${ids}`,
      object: "response",
      created_at: createdSeconds,
      status: "in_progress",
      background: false,
      access_programs: null,
      error: null,
      incomplete_details: null,
      model: model ?? request["model"] ?? null,
      output: [],
      previous_response_id: null,
      store: false,
      ...Object.fromEntries(same),
      usage: null,
    };
  }

  #number(events: readonly ResponseEvent[]): ResponseEvent[] {
    return events.map(({ type, ...rest }) => ({ type, sequence_number: this.#sequence++, ...rest }));
  }
}
