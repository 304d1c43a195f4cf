import { expect, test } from "vitest";
import { encodeFields } from "../testing/encode-fields.ts";
import { encodeGeminiRequest } from "./encode-request.ts";
import { googleGeminiManifest } from "./manifest.ts";

const { accepted } = encodeFields((request) => encodeGeminiRequest(request, googleGeminiManifest), {
  model: "gemini-3-flash",
});

test("keeps what was said, by whom, and in what order", () => {
  const { body, warnings } = accepted({
    messages: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Look." },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0=" } },
          { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "a", type: "function", function: { name: "f", arguments: '{"n":1}' } },
          { id: "b", type: "function", function: { name: "g", arguments: "" } },
        ],
        reasoning_details: [
          { type: "thought_signature", format: "google-gemini", tool_call_id: "a", data: "CiQB" },
          { type: "thinking", format: "anthropic", signature: "x" },
        ],
      },
      { role: "tool", tool_call_id: "a", content: "one" },
      { role: "tool", tool_call_id: "b", content: "" },
      { role: "developer", content: "Now in Latin." },
    ],
  });
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      {
        role: "user",
        parts: [
          { text: "Look." },
          { inlineData: { mimeType: "image/png", data: "iVBORw0=" } },
          { inlineData: { mimeType: "audio/wav", data: "UklGRg==" } },
        ],
      },
      {
        role: "model",
        parts: [
          { functionCall: { name: "f", args: { n: 1 } }, thoughtSignature: "CiQB" },
          { functionCall: { name: "g", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "f", response: { output: "one" } } },
          { functionResponse: { name: "g", response: { output: "" } } },
          { text: "<system>Now in Latin.</system>" },
        ],
      },
    ],
  });
  expect(warnings).toEqual(["param=messages.role; action=changed; provider=google-gemini"]);
});

test("a result tells whether its tool failed", () => {
  const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
  const messages = [
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "c", content: "No such city.", is_error: true },
  ];
  expect(accepted({ messages }).body["contents"]).toMatchObject([
    {},
    { parts: [{ functionResponse: { name: "f", response: { error: "No such city." } } }] },
  ]);
});
