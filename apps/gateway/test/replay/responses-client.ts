import OpenAI, { APIError } from "openai";
import { emptyReading, parseArguments, retryAfterOf, type Client, type Question, type Reading } from "./reading.ts";

type Response = OpenAI.Responses.Response;

const tools: OpenAI.Responses.Tool[] = [
  {
    type: "function",
    name: "weather",
    strict: false,
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
];

/** The official SDK over Responses: whole ones, and the events of a stream. */
export function responsesClient(url: string, key: string): Client {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return async (question) => {
    const reading = emptyReading();
    try {
      if (question.stream) await readStream(client, question, reading);
      else readResponse(await client.responses.create(requestOf(question)), reading);
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      reading.error ??= {
        status: error.status ?? null,
        code: error.code ?? null,
        retryAfterSeconds: retryAfterOf(error.headers),
      };
    }
    return reading;
  };
}

function requestOf({ route, offersTools, schema, image, reasoningEffort }: Question) {
  const text = "What is the weather like?";
  const picture = {
    type: "input_image" as const,
    detail: "auto" as const,
    image_url: `data:image/png;base64,${image}`,
  };
  const content = [{ type: "input_text" as const, text }, picture];
  return {
    model: route,
    input: image === undefined ? text : [{ role: "user" as const, content }],
    store: false,
    ...(offersTools ? { tools } : {}),
    ...(reasoningEffort === undefined ? {} : { reasoning: { effort: reasoningEffort } }),
    ...(schema === undefined
      ? {}
      : {
          text: {
            format: {
              type: "json_schema" as const,
              name: "answer",
              schema: schema as Record<string, unknown>,
              strict: true,
            },
          },
        }),
  };
}

async function readStream(client: OpenAI, question: Question, reading: Reading): Promise<void> {
  // Its helper puts the events together as well, and refuses what does not fit.
  for await (const event of client.responses.stream(requestOf(question))) {
    if (event.type === "response.output_text.delta") reading.text += event.delta;
    else if (event.type === "error") reading.error ??= { status: null, code: event.code, retryAfterSeconds: null };
    else if (event.type === "response.completed" || event.type === "response.incomplete") {
      const { text } = reading;
      reading.text = "";
      readResponse(event.response, reading);
      if (reading.text !== text) throw new Error("the pieces of a text are not the text");
    }
  }
}

function readResponse({ output, usage, incomplete_details: cut }: Response, reading: Reading): void {
  reading.finish = cut === null || cut === undefined ? "stop" : cutBy(cut.reason);
  for (const item of output) {
    if (item.type === "reasoning") reading.reasoning += item.summary.map(({ text }) => text).join("");
    else if (item.type === "message") for (const part of item.content) readPart(part, reading);
    else if (item.type === "function_call") {
      reading.tools.push({ name: item.name, arguments: parseArguments(item.arguments) });
      if (reading.finish === "stop") reading.finish = "tool_calls";
    }
  }
  if (!usage) return;
  if (usage.total_tokens !== usage.input_tokens + usage.output_tokens) throw new Error("a total that does not add up");
  reading.usage = {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cached: usage.input_tokens_details.cached_tokens,
    reasoning: usage.output_tokens_details.reasoning_tokens,
  };
}

function readPart(part: OpenAI.Responses.ResponseOutputMessage["content"][number], reading: Reading): void {
  if (part.type === "output_text") reading.text += part.text;
  else reading.refusal = (reading.refusal ?? "") + part.refusal;
}

function cutBy(reason: string | undefined): string {
  return reason === "max_output_tokens" ? "length" : (reason ?? "stop");
}
