import type { LoadPlan } from "./load-generator.ts";
import { model, type Subject, type Subjects } from "./subjects.ts";

/** How many calls are under way at one time. */
export const connections = 32;

/** Whole answers, asked of one subject as fast as it gives them. */
export function callPlan(subjects: Subjects, subject: Subject, calls: number): LoadPlan {
  const url = `${subject.url}/v1/chat/completions`;
  return {
    mode: "complete",
    url,
    key: subjects.key,
    body: requestBody(false),
    calls,
    concurrency: connections,
    spreadMs: 0,
  };
}

/** About one kilobyte, as a short conversation is. */
export function requestBody(stream: boolean): string {
  const messages = [
    { role: "system", content: "You answer in a few words." },
    { role: "user", content: "What would you say about this? ".repeat(28) },
  ];
  return JSON.stringify({ model, messages, max_tokens: 20_000, ...(stream ? { stream } : {}) });
}
