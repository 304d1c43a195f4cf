import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateText, jsonSchema, Output, streamText, type LanguageModel, type ToolSet } from "ai";
import { emptyReading, parseArguments, retryAfterOf, type Client, type Question, type Reading } from "./reading.ts";

const tools: ToolSet = {
  weather: { inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } } }) },
};

export function aiSdkChat(url: string, key: string): Client {
  const provider = createOpenAICompatible({
    name: "gateway",
    baseURL: `${url}/v1`,
    apiKey: key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  return clientOf((route) => provider.chatModel(route));
}

/** Its provider for OpenAI itself, which is strict about what it knows of an answer. */
export function aiSdkOpenAiChat(url: string, key: string): Client {
  const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: key });
  return clientOf((route) => provider.chat(route));
}

/** What that provider speaks where nothing else is said. */
export function aiSdkResponses(url: string, key: string): Client {
  const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: key });
  return clientOf((route) => provider.responses(route));
}

export function aiSdkMessages(url: string, key: string): Client {
  const provider = createAnthropic({ baseURL: `${url}/v1`, apiKey: key });
  return clientOf((route) => provider(route));
}

function clientOf(modelOf: (route: string) => LanguageModel): Client {
  return async (question) => {
    const { stream } = question;
    const request = requestOf(question, modelOf(question.route));
    const reading = emptyReading();
    try {
      if (stream) await readStream(request, reading);
      else await readAnswer(request, reading);
    } catch (error) {
      noteError(error, reading);
    }
    return reading;
  };
}

function requestOf({ offersTools, schema, image, reasoningEffort }: Question, model: LanguageModel) {
  const text = { type: "text" as const, text: "What is the weather like?" };
  const picture = { type: "file" as const, data: image ?? "", mediaType: "image/png" };
  const isThinking = reasoningEffort !== undefined;
  return {
    model,
    messages: [{ role: "user" as const, content: image === undefined ? [text] : [text, picture] }],
    maxRetries: 0,
    maxOutputTokens: 4_000,
    ...(offersTools ? { tools } : {}),
    ...(schema === undefined ? {} : { output: Output.object({ schema: jsonSchema(schema) }) }),
    providerOptions: {
      gateway: isThinking ? { reasoningEffort } : {},
      anthropic: {
        structuredOutputMode: "outputFormat",
        ...(isThinking ? { effort: reasoningEffort, thinking: { type: "adaptive" } } : {}),
      },
    },
  } satisfies Parameters<typeof generateText>[0];
}

async function readAnswer(request: Parameters<typeof generateText>[0], reading: Reading): Promise<void> {
  const result = await generateText(request);
  reading.text = result.text;
  reading.reasoning = result.reasoningText ?? "";
  for (const call of result.toolCalls) noteCall(call, reading);
  reading.finish = finishOf(result.finishReason);
  noteUsage(result.totalUsage, reading);
}

async function readStream(request: Parameters<typeof streamText>[0], reading: Reading): Promise<void> {
  // What it finds is in its parts; its own report of an error goes to the console otherwise.
  const { fullStream } = streamText({ ...request, onError: () => undefined });
  for await (const part of fullStream) {
    if (part.type === "text-delta") reading.text += part.text;
    else if (part.type === "reasoning-delta") reading.reasoning += part.text;
    else if (part.type === "error") noteError(part.error, reading);
    else if (part.type === "tool-call") noteCall(part, reading);
    else if (part.type === "finish") {
      reading.finish = finishOf(part.finishReason);
      noteUsage(part.totalUsage, reading);
    }
  }
}

interface SdkCall {
  readonly toolName: string;
  readonly input: unknown;
  readonly providerExecuted?: boolean | undefined;
}

/** A picture is a call to it that the provider has answered itself. */
function noteCall({ toolName, input, providerExecuted }: SdkCall, reading: Reading): void {
  if (providerExecuted !== true) reading.tools.push({ name: toolName, arguments: input });
}

function finishOf(reason: string): string {
  return reason.replace("-", "_");
}

interface SdkUsage {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly inputTokenDetails?: { readonly cacheReadTokens?: number | undefined };
  readonly outputTokenDetails?: { readonly reasoningTokens?: number | undefined };
}

function noteUsage(
  { inputTokens, outputTokens, inputTokenDetails, outputTokenDetails }: SdkUsage,
  reading: Reading,
): void {
  if (inputTokens === undefined || outputTokens === undefined) return;
  const cached = inputTokenDetails?.cacheReadTokens;
  const reasoning = outputTokenDetails?.reasoningTokens;
  reading.usage = {
    input: inputTokens,
    output: outputTokens,
    ...(cached === undefined ? {} : { cached }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function noteError(error: unknown, reading: Reading): void {
  const body: unknown = APICallError.isInstance(error) ? parseArguments(error.responseBody ?? "") : error;
  const status = APICallError.isInstance(error) ? (error.statusCode ?? null) : null;
  const headers = APICallError.isInstance(error) ? new Headers(error.responseHeaders) : undefined;
  // Only the first counts: what follows it is the closed connection.
  reading.error ??= { status, code: codeOf(body), retryAfterSeconds: retryAfterOf(headers) };
}

function codeOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const { error, code } = body as { error?: unknown; code?: unknown };
  return typeof code === "string" ? code : error === undefined ? null : codeOf(error);
}
