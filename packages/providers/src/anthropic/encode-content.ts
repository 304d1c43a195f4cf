/** Parts of OpenAI messages as content blocks. */
import { isFields } from "../json/field-reader.ts";
import { type InlineData, readDataUrl } from "../parameters/data-url.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

type Fields = Readonly<Record<string, unknown>>;
export type Block = Readonly<Record<string, unknown>>;

const imageTypes: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/** Text, a list of parts, or nothing. Empty texts are left out, because the provider refuses them. */
export function encodeContent(content: unknown, path: string, notes: TranslationNotes): Block[] {
  if (typeof content === "string") return textBlocks(content);
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown, index) =>
    isFields(part) ? encodePart(part, `${path}[${index}]`, notes) : [],
  );
}

export function textBlocks(text: unknown, more: Block = {}): Block[] {
  return typeof text === "string" && text !== "" ? [{ type: "text", text, ...more }] : [];
}

function encodePart(part: Fields, path: string, notes: TranslationNotes): Block[] {
  const { cache_control: cacheControl } = part;
  const cache = isFields(cacheControl) ? { cache_control: cacheControl } : {};
  switch (part["type"]) {
    case "text":
      return textBlocks(part["text"], cache);
    case "refusal":
      return textBlocks(part["refusal"], cache);
    case "image_url":
      return encodeImage(part["image_url"], path, notes).map((block) => ({ ...block, ...cache }));
    case "file":
      return encodeFile(part["file"], path, notes).map((block) => ({ ...block, ...cache }));
    default:
      notes.reject(path, `A part of type '${String(part["type"]).slice(0, 40)}'`);
      return [];
  }
}

function encodeImage(image: unknown, path: string, notes: TranslationNotes): Block[] {
  const url = isFields(image) ? image["url"] : image;
  if (typeof url !== "string") {
    notes.refuse(path, `'${path}' must hold an image_url.`);
    return [];
  }
  if (isFields(image) && image["detail"] !== undefined && image["detail"] !== "auto") notes.warn("detail", "dropped");
  if (/^https?:\/\//i.test(url)) return [{ type: "image", source: { type: "url", url } }];
  const source = readDataUrl(url);
  if (source !== null && imageTypes.has(source.mediaType)) return [{ type: "image", source: encodeSource(source) }];
  notes.reject(path, "This kind of image");
  return [];
}

function encodeFile(file: unknown, path: string, notes: TranslationNotes): Block[] {
  const { file_data: data, filename } = isFields(file) ? file : {};
  const source = typeof data === "string" ? readDataUrl(data) : null;
  if (source?.mediaType !== "application/pdf") {
    notes.reject(path, "A file that is not a PDF within the request");
    return [];
  }
  return [
    { type: "document", source: encodeSource(source), ...(typeof filename === "string" ? { title: filename } : {}) },
  ];
}

function encodeSource({ mediaType, data }: InlineData): Block {
  return { type: "base64", media_type: mediaType, data };
}
