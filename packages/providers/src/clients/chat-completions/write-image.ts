import type { ModelEvent } from "../../events/model-event.ts";

/** A picture as routers of this protocol tell it, beside the text: OpenAI's own has no words for one. */
export function chatImage({ mediaType, data }: Extract<ModelEvent, { type: "media" }>): object {
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${data}` } };
}
