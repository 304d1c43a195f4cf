/** What the simulator is taken for: where it has the paths of a kind, and a model of it whose abilities are known by name. */
export interface SimulatedKind {
  /** The path of the base URL. */
  readonly surface: string;
  readonly model: string;
  /** The kind takes no key as it is, but one to exchange for a bearer. */
  readonly hasServiceAccount?: boolean;
}

const kinds: { readonly [kind: string]: SimulatedKind } = {
  anthropic: { surface: "/v1", model: "claude-sonnet-4-5" },
  "google-gemini": { surface: "/v1beta", model: "gemini-3-flash" },
  "google-vertex": {
    surface: "/v1/projects/p/locations/l/publishers/google",
    model: "gemini-2.5-flash",
    hasServiceAccount: true,
  },
  "aws-bedrock": { surface: "", model: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0" },
  cohere: { surface: "/v2", model: "command-a-reasoning-08-2025" },
  "azure-openai": { surface: "/openai/deployments", model: "our-gpt" },
};

/** Every other kind is spoken to as OpenAI is. */
export function simulatedKind(kind: string): SimulatedKind {
  return kinds[kind] ?? { surface: "/v1", model: `sim-${kind}` };
}
