import Anthropic, { APIError } from "@anthropic-ai/sdk";
import { emptyReading, retryAfterOf, type Client, type Question, type Reading } from "./reading.ts";

const tools: Anthropic.Tool[] = [
  { name: "weather", input_schema: { type: "object", properties: { city: { type: "string" } } } },
];

const finishes: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  pause_turn: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

export function anthropicClient(url: string, key: string): Client {
  const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
  return async (question) => {
    const reading = emptyReading();
    try {
      const request = requestOf(question);
      if (question.stream) {
        const stream = client.messages.stream(request);
        stream.on("text", (delta) => (reading.text += delta));
        const message = await stream.finalMessage();
        reading.text = "";
        readMessage(message, reading);
      } else readMessage(await client.messages.create(request), reading);
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      reading.error = {
        status: error.status ?? null,
        code: codeOf(error.error),
        retryAfterSeconds: retryAfterOf(error.headers),
      };
    }
    return reading;
  };
}

/** How many tokens the gateway says that a question is. */
export async function countTokens(url: string, key: string, route: string): Promise<number> {
  const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
  const { model, messages } = requestOf({ route, stream: false, offersTools: false });
  return (await client.messages.countTokens({ model, messages })).input_tokens;
}

function requestOf(question: Question): Anthropic.MessageCreateParamsNonStreaming {
  const { route, offersTools, schema, image, reasoningEffort } = question;
  const text = { type: "text" as const, text: "What is the weather like?" };
  const source = { type: "base64" as const, media_type: "image/png" as const, data: image ?? "" };
  const format = { type: "json_schema" as const, schema: schema as Record<string, unknown> };
  return {
    model: route,
    max_tokens: 4_000,
    messages: [{ role: "user", content: image === undefined ? text.text : [text, { type: "image", source }] }],
    ...(offersTools ? { tools } : {}),
    ...(schema === undefined ? {} : { output_config: { format } }),
    ...(reasoningEffort === undefined
      ? {}
      : { thinking: { type: "adaptive" as const }, output_config: { effort: reasoningEffort } }),
  };
}

function readMessage(message: Anthropic.Message, reading: Reading): void {
  for (const block of message.content) {
    if (block.type === "text") reading.text += block.text;
    else if (block.type === "thinking") reading.reasoning += block.thinking;
    else if (block.type === "tool_use") reading.tools.push({ name: block.name, arguments: block.input });
  }
  const { stop_reason: stopReason, usage } = message;
  reading.finish = stopReason === null ? null : (finishes[stopReason] ?? stopReason);
  const cached = usage.cache_read_input_tokens ?? 0;
  const reasoning = usage.output_tokens_details?.thinking_tokens;
  reading.usage = {
    input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
    output: usage.output_tokens,
    cached,
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function codeOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const { error, code } = body as { error?: unknown; code?: unknown };
  return typeof code === "string" ? code : codeOf(error);
}
