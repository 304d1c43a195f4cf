/**
 * The gateway's own form of a request as a plain chat request: without what OpenAI's protocol has no words for. Clients
 * of chat completions never come here; their bytes pass.
 */
import type { Conversation, ConversationMessage, ConversationPart } from "../conversation/conversation.ts";
import { scanTopLevel } from "../json/scan-top-level.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import type { OpenAiDialect } from "./dialect.ts";

const limits = { maxDepth: 64, maxKeys: Infinity };

/** The same request with `body`, `members` and `parsed` of one plain text. */
export function narrowRequest(
  request: RequestToEncode,
  dialect: OpenAiDialect,
  notes: TranslationNotes,
): RequestToEncode {
  // What is widened was written by a client protocol's reader, which is bound to this type.
  const conversation = request.parsed as unknown as Conversation;
  const { top_k: topK, tools, messages, ...rest } = conversation;
  if (topK !== undefined && !dialect.extensions.includes("top_k")) notes.warn("top_k", "dropped");
  const plain = {
    ...rest,
    messages: narrowMessages(messages, notes),
    ...(tools === undefined
      ? {}
      : { tools: tools.map(({ type, function: definition }) => ({ type, function: definition })) }),
    ...(topK !== undefined && dialect.extensions.includes("top_k") ? { top_k: topK } : {}),
  };
  const body = encodeUtf8(JSON.stringify(plain));
  const scan = scanTopLevel(body, limits);
  if (!scan.ok) throw new Error(`a narrowed request is no JSON object: ${scan.message}`);
  return { ...request, body, members: scan.object, parsed: plain, isWidened: false };
}

function narrowMessages(messages: readonly ConversationMessage[], notes: TranslationNotes): object[] {
  const narrow: object[] = [];
  /** What the results of one turn showed besides text: it follows them, since every result must come first. */
  let shown: readonly object[] = [];
  for (const message of messages) {
    if (message.role !== "tool" && shown.length > 0) {
      narrow.push({ role: "user", content: shown });
      shown = [];
    }
    switch (message.role) {
      case "assistant": {
        const { content, tool_calls: toolCalls, reasoning_content: reasoning } = message;
        const isSilent = content === null || content.length === 0;
        // Nothing may be left of a turn that was all reasoning; some servers refuse a message without content.
        if (isSilent && toolCalls === undefined) break;
        narrow.push({
          role: "assistant",
          content: isSilent ? null : narrowContent(content),
          ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
          ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
        });
        break;
      }
      case "tool": {
        const { text, others } = splitResult(message.content);
        narrow.push({
          role: "tool",
          tool_call_id: message.tool_call_id,
          content: message.is_error ? `Error: ${text}` : text,
        });
        if (others.length > 0) {
          notes.warn("messages.content", "changed");
          shown = [...shown, ...others];
        }
        break;
      }
      default:
        narrow.push({ ...message, content: narrowContent(message.content) });
    }
  }
  if (shown.length > 0) narrow.push({ role: "user", content: shown });
  return narrow;
}

/** Parts without cache hints; texts alone become one text, which every server understands. */
function narrowContent(content: string | readonly ConversationPart[]): string | object[] {
  if (typeof content === "string") return content;
  const [only] = content;
  if (content.length === 1 && only?.type === "text") return only.text;
  return content.map(withoutHint);
}

function splitResult(content: string | readonly ConversationPart[]): { text: string; others: object[] } {
  if (typeof content === "string") return { text: content, others: [] };
  const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return { text: texts.join("\n"), others: content.filter((part) => part.type !== "text").map(withoutHint) };
}

function withoutHint({ cache_control: _hint, ...part }: ConversationPart): object {
  return part;
}
