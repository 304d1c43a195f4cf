/**
 * Claude in a Google Cloud project: Anthropic's Messages behind Vertex AI's paths, with the model in the path and the
 * version in the body. For callers that speak Messages they pass, translated for all others.
 */
import { anthropicCodec } from "../anthropic/codec.ts";
import { AnthropicDecoder } from "../anthropic/decode-answer.ts";
import { messagesPassage } from "../anthropic/messages-passage.ts";
import { scanTopLevel } from "../json/scan-top-level.ts";
import { spliceMembers } from "../json/splice-json.ts";
import { beginsWithMember, type NativeAnswers, withNativeAnswers } from "../native-answers/native-answers.ts";
import type { NativePassage, Passage, ProviderCodec, RequestEncoding } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";

const publisherPath = /\/publishers\/anthropic$/;
const version = encodeUtf8('"vertex-2023-10-16"');

/** Messages begin with their type, and responses of Gemini never do. */
const messages: NativeAnswers = {
  isNative: beginsWithMember("type"),
  framing: "events",
  createDecoder: () => new AnthropicDecoder(),
};

/** The codec of a surface that has Claude where the base URL names its publisher, and reads its answers wherever they come. */
export function withClaude(gemini: ProviderCodec): ProviderCodec {
  const { natives: _natives, ...translating } = anthropicCodec;
  const { tokenCountPath: _path, ...passing } = messagesPassage;
  const native: NativePassage = { ...passing, ...inVertex(passing) };
  const claude: ProviderCodec = {
    ...translating,
    ...inVertex(translating),
    manifest: { ...gemini.manifest, operations: ["chat"] },
    requestHeaders: (credential, sentAs) => gemini.requestHeaders(credential, sentAs),
    natives: { "anthropic-messages": native },
  };
  const either = withNativeAnswers(gemini, messages);
  return { ...either, atBasePath: (basePath) => (publisherPath.test(basePath) ? claude : either) };
}

function inVertex(passage: Passage): Pick<Passage, "requestPath" | "encodeRequest"> {
  return {
    requestPath: (_operation, { model, stream }) =>
      `/models/${encodeURIComponent(model)}:${stream ? "streamRawPredict" : "rawPredict"}`,
    encodeRequest: (request) => withVersion(passage.encodeRequest(request)),
  };
}

function withVersion(encoding: RequestEncoding): RequestEncoding {
  if (!encoding.ok) return encoding;
  const scan = scanTopLevel(encoding.body);
  if (!scan.ok) return encoding;
  const changes = new Map<string, Uint8Array | null>([
    ["model", null],
    ["anthropic_version", version],
  ]);
  const body = spliceMembers(encoding.body, scan.object, changes);
  return { ...encoding, body, changed: [...new Set([...encoding.changed, ...changes.keys()])] };
}
