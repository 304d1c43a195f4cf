import OpenAI, { APIError } from "openai";
import { emptyReading, parseArguments, retryAfterOf, type Client, type Question, type Reading } from "./reading.ts";

const tools = [
  {
    type: "function" as const,
    function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];

type Message = OpenAI.Chat.Completions.ChatCompletionMessage & {
  readonly reasoning_content?: string;
  readonly reasoning?: string;
};

/** The official SDK as most code uses it: whole answers, and the chunks of a stream put together by hand. */
export function openaiClient(url: string, key: string): Client {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return async (question) => {
    const reading = emptyReading();
    try {
      if (question.stream) await readStream(client, question, reading);
      else readAnswer(await client.chat.completions.create(requestOf(question)), reading);
    } catch (error) {
      noteError(error, reading);
    }
    return reading;
  };
}

/** The same SDK's helper, which puts chunks together itself and refuses what does not fit. */
export function openaiStreamHelper(url: string, key: string): Client {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return async (question) => {
    const reading = emptyReading();
    try {
      const stream = client.chat.completions.stream({
        ...requestOf(question),
        stream_options: { include_usage: true },
      });
      stream.on("content.delta", ({ delta }) => (reading.text += delta));
      const completion = await stream.finalChatCompletion();
      reading.text = "";
      readAnswer(completion, reading);
    } catch (error) {
      noteError(error, reading);
    }
    return reading;
  };
}

function requestOf({ route, offersTools, schema, image, reasoningEffort }: Question) {
  const text = "What is the weather like?";
  const parts = [
    { type: "text" as const, text },
    { type: "image_url" as const, image_url: { url: `data:image/png;base64,${image}` } },
  ];
  return {
    model: route,
    messages: [{ role: "user" as const, content: image === undefined ? text : parts }],
    ...(offersTools ? { tools } : {}),
    ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }),
    ...(schema === undefined
      ? {}
      : {
          response_format: {
            type: "json_schema" as const,
            json_schema: { name: "answer", schema: schema as Record<string, unknown>, strict: true },
          },
        }),
  };
}

function readAnswer(completion: OpenAI.Chat.Completions.ChatCompletion, reading: Reading): void {
  const [choice] = completion.choices;
  const message = choice?.message as Message;
  reading.text = message.content ?? "";
  reading.reasoning = message.reasoning_content ?? message.reasoning ?? "";
  reading.refusal = message.refusal ?? null;
  reading.finish = choice?.finish_reason ?? null;
  for (const call of message.tool_calls ?? []) {
    if (call.type === "function") {
      reading.tools.push({ name: call.function.name, arguments: parseArguments(call.function.arguments) });
    }
  }
  noteUsage(completion.usage, reading);
}

async function readStream(client: OpenAI, question: Question, reading: Reading): Promise<void> {
  const stream = await client.chat.completions.create({
    ...requestOf(question),
    stream: true,
    stream_options: { include_usage: true },
  });
  const calls: { name: string; text: string }[] = [];
  for await (const chunk of stream) {
    noteUsage(chunk.usage, reading);
    for (const { delta, finish_reason: finish } of chunk.choices) {
      const told = delta as Partial<Message>;
      reading.text += told.content ?? "";
      reading.reasoning += told.reasoning_content ?? told.reasoning ?? "";
      if (typeof told.refusal === "string") reading.refusal = (reading.refusal ?? "") + told.refusal;
      for (const { index, function: called } of delta.tool_calls ?? []) {
        const call = (calls[index] ??= { name: "", text: "" });
        call.name += called?.name ?? "";
        call.text += called?.arguments ?? "";
      }
      if (finish !== null && reading.finish !== null) throw new Error("a second finish reason");
      if (finish) reading.finish = finish;
    }
  }
  reading.tools = calls.map(({ name, text }) => ({ name, arguments: parseArguments(text) }));
}

function noteUsage(usage: OpenAI.CompletionUsage | null | undefined, reading: Reading): void {
  if (!usage) return;
  const cached = usage.prompt_tokens_details?.cached_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  if (usage.total_tokens !== usage.prompt_tokens + usage.completion_tokens)
    throw new Error("a total that does not add up");
  reading.usage = {
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    ...(cached === undefined ? {} : { cached }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function noteError(error: unknown, reading: Reading): void {
  if (!(error instanceof APIError)) throw error;
  reading.error = {
    status: error.status ?? null,
    code: error.code ?? null,
    retryAfterSeconds: retryAfterOf(error.headers),
  };
}
