/** What the gateway's codecs make of chat completions, against requests that were written by hand after the public formats. */
import type { SentRequest } from "@switchyard/fidelity/exchange";
import type { Finding } from "@switchyard/fidelity/report";
import type { SuiteCase } from "@switchyard/fidelity/suites/fidelity-suite";
import { suitesOfKind } from "@switchyard/fidelity/suites/registry";
import { codecOfConnection } from "@switchyard/providers/registry";
import { describe, expect, it } from "vitest";
import { encodeAsGateway } from "./gateway-encoding.ts";

const subjects = [
  { kind: "anthropic", model: "claude-sonnet-4-5", path: "/v1" },
  { kind: "anthropic", model: "claude-opus-4-8", path: "/v1" },
  { kind: "google-gemini", model: "gemini-3-flash", path: "/v1beta" },
  { kind: "google-vertex", model: "gemini-2.5-flash", path: "/v1/projects/p/locations/l/publishers/google" },
  { kind: "aws-bedrock", model: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", path: "" },
  { kind: "aws-bedrock", model: "eu.amazon.nova-pro-v1:0", path: "" },
  { kind: "cohere", model: "command-a-reasoning-08-2025", path: "/v2" },
  { kind: "azure-openai", model: "our-gpt", path: "/openai/deployments" },
  { kind: "azure-openai", model: "our-gpt", path: "/openai/v1" },
];
const answer = { status: 200, contentType: "application/json", body: "{}" };

describe.each(subjects)("$kind with $model at $path", ({ kind, model, path }) => {
  const baseUrl = `https://provider.test${path}`;
  const codec = codecOfConnection(kind, undefined, baseUrl);
  const [suite] = suitesOfKind(kind).filter(({ name }) => name.startsWith("chat-to-"));
  if (codec === undefined || suite === undefined) throw new Error(`nothing is known of ${kind}`);

  function compare(
    suiteCase: SuiteCase,
    change: (request: SentRequest) => SentRequest = (request) => request,
  ): Finding {
    const asked = change(suiteCase.askGateway("route"));
    const ours = encodeAsGateway({ codec: codec!, baseUrl, model }, suite!.name, asked);
    const direct = suiteCase.askProvider({ model, baseUrl });
    return suiteCase.compare({ received: ours, provided: null, answer }, { received: direct, provided: answer, answer })
      .request;
  }
  const caseOf = (name: string): SuiteCase => {
    const found = suite.cases.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no case ${name}`);
    return found;
  };

  it.each(suite.cases.map(({ name }) => name))("says the same in %s", (name) => {
    const { verdict, differences } = compare(caseOf(name));
    expect(differences.filter(({ reason }) => reason === null)).toEqual([]);
    expect(verdict).toMatch(/^(identical|equivalent)$/);
  });

  it("is found out where a system message is lost", () => {
    const { verdict, differences } = compare(caseOf("chat-system"), (request) => {
      const body = JSON.parse(request.body) as { messages: readonly { role: string }[] };
      return {
        ...request,
        body: JSON.stringify({ ...body, messages: body.messages.filter(({ role }) => role !== "system") }),
      };
    });
    expect(verdict).toBe("different");
    expect(differences.some(({ theirs }) => theirs?.includes("Answer in capitals."))).toBe(true);
  });

  it("is found out where an argument of a call is lost", () => {
    const { verdict, differences } = compare(caseOf("chat-tool-result"), (request) => ({
      ...request,
      body: request.body.replace(String.raw`{\"city\":\"Lisbon\"}`, "{}"),
    }));
    expect(verdict).toBe("different");
    expect(differences.map(({ pointer, ours, theirs }) => [pointer.split("/").at(-1), ours, theirs])).toEqual([
      ["city", null, '"Lisbon"'],
    ]);
  });
});
