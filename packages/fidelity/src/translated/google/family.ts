import type { NativeFamily } from "../native-family.ts";
import { googleCases } from "./cases.ts";
import { readContent } from "./read-answer.ts";

/** Gemini's `generateContent`: with a key at AI Studio, and at Vertex, whose base URL names the project, with a bearer. */
export const googleFamily: NativeFamily = {
  name: "chat-to-google",
  title: "generateContent",
  kinds: ["google-gemini", "google-vertex"],
  requestPath: ({ model }, isStream) =>
    `/models/${encodeURIComponent(model)}:${isStream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
  headers: { "content-type": "application/json" },
  comparedHeaders: ["content-type"],
  credentialHeaders: (credential, kind) =>
    kind === "google-vertex" ? { authorization: `Bearer ${credential}` } : { "x-goog-api-key": credential },
  cases: googleCases,
  canonical: (body) => body,
  explainRequest(pointer) {
    if (pointer === "/generationConfig/maxOutputTokens") return "a budget bounds what an answer may cost";
    if (pointer === "/generationConfig/thinkingConfig/thinkingBudget") {
      return "an effort is a word, and each side has its own figure for it";
    }
    return null;
  },
  readAnswer: readContent,
};
