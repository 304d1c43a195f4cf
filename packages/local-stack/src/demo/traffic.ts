/** The calls of the demo: who calls what, how, and what is said. */
import type { ProjectName } from "./demo-organisation.ts";

export interface DemoCall {
  project: ProjectName;
  path: "/v1/chat/completions" | "/v1/embeddings";
  headers: Record<string, string>;
  body: string;
  stream: boolean;
  /** The client hangs up after the first bytes of the answer. */
  leaves: boolean;
}

type Random = () => number;

interface Kind {
  weight: number;
  make: (random: Random) => DemoCall;
}

const questions = [
  "Where is my order?",
  "How do I change the delivery address?",
  "The invoice shows the wrong company name. What can I do?",
  "Can I return a part of the order?",
  "My account is locked after three attempts to sign in.",
  "Which plan includes the audit log?",
];
const tickets = [
  "printer offline",
  "VPN drops every hour",
  "cannot open attachment",
  "licence expired",
  "screen flickers",
];
const searches = [
  "waterproof hiking boots",
  "wireless charger",
  "standing desk",
  "espresso machine",
  "noise cancelling",
];
const diff = "-  if (total = limit) {\n+  if (total >= limit) {\n".repeat(20);

const kinds: readonly Kind[] = [
  {
    weight: 30,
    make: (random) =>
      chat(random, "Help desk", "support-assistant", pick(random, questions), { stream: true, feature: "chat" }),
  },
  {
    weight: 10,
    make: (random) => chat(random, "Help desk", "support-assistant", pick(random, questions), { feature: "mail" }),
  },
  {
    weight: 16,
    make: (random) =>
      chat(random, "Ticket triage", "summarise", `Summarise: ${pick(random, tickets)}`, { feature: "triage" }),
  },
  { weight: 14, make: (random) => embed(random) },
  {
    weight: 8,
    make: (random) =>
      chat(random, "Code review", "code-review", `Review this change:\n${diff}`, {
        stream: true,
        feature: "review",
        maxTokens: 400,
      }),
  },
  {
    weight: 10,
    make: (random) =>
      chat(random, "Experiments", "code-review", `Idea ${Math.floor(random() * 1e6)}`, {
        feature: "lab",
        maxTokens: 200,
      }),
  },
  {
    weight: 3,
    make: (random) => ({
      ...chat(random, "Help desk", "support-assistant", pick(random, questions), { stream: true, feature: "chat" }),
      leaves: true,
    }),
  },
  {
    weight: 1,
    make: (random) => chat(random, "Experiments", "no-such-route", "Is anybody there?", { feature: "lab" }),
  },
  { weight: 1, make: (random) => ({ ...embed(random), body: '{"model": "search-embeddings", "input": ' }) },
];

const totalWeight = kinds.reduce((sum, { weight }) => sum + weight, 0);

/** The next call; the same random numbers give the same call. */
export function nextCall(random: Random): DemoCall {
  let left = random() * totalWeight;
  const kind = kinds.find(({ weight }) => (left -= weight) < 0) ?? kinds[0];
  if (kind === undefined) throw new Error("the demo has no traffic");
  return kind.make(random);
}

interface ChatOptions {
  feature: string;
  stream?: boolean;
  maxTokens?: number;
}

function chat(random: Random, project: ProjectName, model: string, content: string, options: ChatOptions): DemoCall {
  const { stream = false, maxTokens, feature } = options;
  return {
    project,
    path: "/v1/chat/completions",
    headers: attribution(random, feature),
    stream,
    leaves: false,
    body: JSON.stringify({
      model,
      messages: [
        { role: "system", content: "You help people of a shop. Be brief." },
        { role: "user", content },
      ],
      ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
      ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    }),
  };
}

function embed(random: Random): DemoCall {
  return {
    project: "Catalogue search",
    path: "/v1/embeddings",
    headers: attribution(random, "search"),
    stream: false,
    leaves: false,
    body: JSON.stringify({ model: "search-embeddings", input: pick(random, searches) }),
  };
}

function attribution(random: Random, feature: string): Record<string, string> {
  const person = 1 + Math.floor(random() ** 2 * 24);
  return {
    "x-switchyard-user": `user-${String(person).padStart(2, "0")}`,
    "x-switchyard-session": `session-${person}-${1 + Math.floor(random() * 3)}`,
    "x-switchyard-tags": `feature=${feature},env=${random() < 0.8 ? "prod" : "staging"}`,
  };
}

function pick<T>(random: Random, items: readonly [T, ...T[]] | readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}
