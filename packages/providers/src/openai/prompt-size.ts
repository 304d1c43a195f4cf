/** What the messages of a chat request hold, as far as their size in tokens is concerned. */
import { type FieldReader, isFields } from "../json/field-reader.ts";

export interface PromptSize {
  /** UTF-16 length of the text that the model will read. */
  textLength: number;
  images: number;
  /** Characters of image data inside the body: they are not tokens, so they are taken off the bound. */
  imageDataLength: number;
  /** Whether something is only referred to, or packed, so that the body's size bounds nothing: a file, a video. */
  isUnbounded: boolean;
}

/** Measures `messages` and refuses those that are not of the documented shape. */
export function measureMessages(messages: readonly unknown[], reader: FieldReader): PromptSize {
  const size: PromptSize = { textLength: 0, images: 0, imageDataLength: 0, isUnbounded: false };
  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    if (!isFields(message)) {
      reader.refuse(path, `'${path}' must be an object.`);
    } else if (typeof message["role"] !== "string") {
      reader.refuse(`${path}.role`, `'${path}.role' is required and must be a string.`);
    } else {
      measureContent(message["content"], `${path}.content`, reader, size);
    }
  });
  return size;
}

function measureContent(content: unknown, path: string, reader: FieldReader, size: PromptSize): void {
  if (content === undefined || content === null) return;
  if (typeof content === "string") {
    size.textLength += content.length;
  } else if (Array.isArray(content)) {
    content.forEach((part: unknown, index) => {
      if (isFields(part)) measurePart(part, size);
      else reader.refuse(`${path}[${index}]`, `'${path}[${index}]' must be an object.`);
    });
  } else {
    reader.refuse(path, `'${path}' must be a string or an array of parts.`);
  }
}

function measurePart(part: Readonly<Record<string, unknown>>, size: PromptSize): void {
  switch (part["type"]) {
    case "text":
    case "refusal": {
      const text = part[part["type"]];
      if (typeof text === "string") size.textLength += text.length;
      break;
    }
    case "image_url":
      size.images++;
      size.imageDataLength += imageDataLength(part["image_url"]);
      break;
    case "input_audio":
      // A second of audio is tens of tokens and thousands of bytes, so the body's size is bound enough.
      break;
    default:
      size.isUnbounded = true;
  }
}

function imageDataLength(image: unknown): number {
  const url = isFields(image) ? image["url"] : image;
  return typeof url === "string" && url.startsWith("data:image/") ? url.length : 0;
}
