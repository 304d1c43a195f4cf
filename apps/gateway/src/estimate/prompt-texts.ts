type Fields = Readonly<Record<string, unknown>>;

/** What a model reads of a request, as far as it can be counted. */
export interface PromptTexts {
  readonly texts: readonly string[];
  readonly images: number;
  /** Tokens that the format adds around the texts. */
  readonly overheadTokens: number;
}

// OpenAI's own recipe (cookbook, "How to count tokens with tiktoken"): 3 around a message, 3 before the answer.
const tokensAroundMessage = 3;
const tokensBeforeAnswer = 3;

/** The texts of a chat request (`messages`, `tools`) or of an embeddings request (`input`). */
export function promptTexts(body: Fields): PromptTexts {
  const texts: string[] = [];
  if (!Array.isArray(body["messages"])) {
    const input = body["input"];
    const isTokens = Array.isArray(input) && input.every((item) => typeof item === "number");
    if (!isTokens) texts.push(...(Array.isArray(input) ? input.flatMap(textOf) : textOf(input)));
    return { texts, images: 0, overheadTokens: isTokens ? input.length : 0 };
  }
  let images = 0;
  const messages = body["messages"].filter(isFields);
  for (const message of messages) {
    texts.push(...["role", "name"].flatMap((field) => textOf(message[field])));
    images += collectContent(message["content"], texts);
    if (message["tool_calls"] !== undefined) texts.push(JSON.stringify(message["tool_calls"]));
  }
  for (const field of ["tools", "functions"]) if (body[field] !== undefined) texts.push(JSON.stringify(body[field]));
  return { texts, images, overheadTokens: messages.length * tokensAroundMessage + tokensBeforeAnswer };
}

function collectContent(content: unknown, texts: string[]): number {
  texts.push(...textOf(content));
  if (!Array.isArray(content)) return 0;
  let images = 0;
  for (const part of content.filter(isFields)) {
    texts.push(...textOf(part["text"]));
    if (part["type"] === "image_url" || part["type"] === "image") images += 1;
  }
  return images;
}

function textOf(value: unknown): string[] {
  return typeof value === "string" ? [value] : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
