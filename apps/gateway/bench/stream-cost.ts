/** What a streamed token costs: passed on in the protocol in which it came, translated from or into another, or just forwarded. */
import { generateLoad } from "./generate-load.ts";
import { cpuMicroseconds } from "./process-cost.ts";
import { model, translatedModels, type Subject, type Subjects } from "./subjects.ts";

const rounds = 3;
const streams = 50;
const tokensPerStream = 400;
const tokensPerSecond = 100;
const prompt = "What would you say about this?";

interface Path {
  readonly name: string;
  readonly subject: Subject;
  readonly path: string;
  readonly model: string;
}

export interface StreamCost {
  readonly name: string;
  readonly cpuMicrosecondsPerToken: number;
}

/** CPU a token, the median of some rounds in which the paths take turns; the bare forwarder comes first. */
export async function measureStreamCost(subjects: Subjects): Promise<readonly StreamCost[]> {
  await subjects.behave({ outputTokens: tokensPerStream, tokensPerSecond });
  const paths = pathsOf(subjects);
  const measured = paths.map((): number[] => []);
  // The first round only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, path] of paths.entries()) {
      const cost = await measure(subjects, path);
      if (round > 0) measured[index]?.push(cost);
    }
  }
  return paths.map(({ name }, index) => ({
    name,
    cpuMicrosecondsPerToken: (measured[index] ?? []).toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN,
  }));
}

function pathsOf({ forwarders: [forwarder], gateway }: Subjects): readonly Path[] {
  const chat = "/v1/chat/completions";
  return [
    { name: "bare forwarder", subject: forwarder, path: chat, model },
    { name: "gateway, OpenAI to OpenAI", subject: gateway, path: chat, model },
    { name: "gateway, OpenAI to Anthropic", subject: gateway, path: chat, model: translatedModels.anthropic },
    { name: "gateway, OpenAI to Gemini", subject: gateway, path: chat, model: translatedModels["google-gemini"] },
    { name: "gateway, Anthropic to OpenAI", subject: gateway, path: "/v1/messages", model },
  ];
}

async function measure(subjects: Subjects, { name, subject, path, model: asked }: Path): Promise<number> {
  const body = { model: asked, messages: [{ role: "user", content: prompt }], max_tokens: 20_000, stream: true };
  const before = cpuMicroseconds(subject.pid);
  const { failures } = await generateLoad({
    mode: "stream",
    url: `${subject.url}${path}`,
    key: subjects.key,
    body: JSON.stringify(body),
    calls: streams,
    concurrency: streams,
    spreadMs: 1_000,
  });
  if (failures > 0) throw new Error(`${failures} of ${streams} streams failed: ${name}`);
  return (cpuMicroseconds(subject.pid) - before) / (streams * tokensPerStream);
}
