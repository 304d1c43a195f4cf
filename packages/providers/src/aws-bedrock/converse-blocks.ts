/** Blocks of Anthropic's messages as Converse spells them: the same kinds of blocks, under other names. */
import { isFields } from "../json/field-reader.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

type Fields = Readonly<Record<string, unknown>>;
type ConverseBlock = Readonly<Record<string, unknown>>;

const imageFormats: { readonly [mediaType: string]: string } = {
  "image/jpeg": "jpeg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
};
/** Empty texts and empty results are refused. */
const emptyText = { text: "(empty)" };

export interface AnthropicTurn {
  readonly role: "user" | "assistant";
  readonly content: readonly Fields[];
}

/** Writes the blocks of a conversation. Names of documents must be unique and say nothing of their content. */
export class ConverseBlocks {
  readonly #notes: TranslationNotes;
  #documents = 0;
  /** Names of the tools that the conversation has called. */
  readonly calledTools = new Set<string>();

  constructor(notes: TranslationNotes) {
    this.#notes = notes;
  }

  writeTurn({ role, content }: AnthropicTurn): Fields {
    const blocks = this.write(content);
    const hasText = blocks.some((block) => block["text"] !== undefined);
    const needsText = !hasText && blocks.some((block) => block["document"] !== undefined);
    return { role, content: needsText ? [...blocks, emptyText] : blocks };
  }

  write(content: readonly Fields[]): ConverseBlock[] {
    return content.flatMap((block) => {
      const written = this.#writeBlock(block);
      return block["cache_control"] === undefined ? written : [...written, { cachePoint: { type: "default" } }];
    });
  }

  #writeBlock(block: Fields): ConverseBlock[] {
    switch (block["type"]) {
      case "text":
        return [{ text: block["text"] }];
      case "image":
        return this.#writeImage(sourceOf(block));
      case "document":
        return [
          {
            document: {
              format: "pdf",
              name: `document-${++this.#documents}`,
              source: { bytes: sourceOf(block)["data"] },
            },
          },
        ];
      case "thinking":
        return [{ reasoningContent: { reasoningText: { text: block["thinking"], signature: block["signature"] } } }];
      case "redacted_thinking":
        return [{ reasoningContent: { redactedContent: block["data"] } }];
      case "tool_use":
        this.calledTools.add(String(block["name"]));
        return [{ toolUse: { toolUseId: block["id"], name: block["name"], input: block["input"] } }];
      case "tool_result":
        return [this.#writeResult(block)];
      default:
        return [];
    }
  }

  /** Only bytes: this API does not fetch from any web server. */
  #writeImage({ media_type: mediaType, data }: Fields): ConverseBlock[] {
    const format = typeof mediaType === "string" ? imageFormats[mediaType] : undefined;
    if (format !== undefined) return [{ image: { format, source: { bytes: data } } }];
    this.#notes.reject("messages.content", "An image that is not within the request");
    return [];
  }

  #writeResult({ tool_use_id: toolUseId, content, is_error: isError }: Fields): ConverseBlock {
    const blocks = Array.isArray(content) ? this.write(content.filter(isFields)) : [];
    const status = isError === true ? { status: "error" } : {};
    return { toolResult: { toolUseId, content: blocks.length === 0 ? [emptyText] : blocks, ...status } };
  }
}

function sourceOf({ source }: Fields): Fields {
  return isFields(source) ? source : {};
}
