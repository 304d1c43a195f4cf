import { describe, expect, it } from "vitest";
import { wireFormats } from "../formats/registry.ts";
import { ProviderRouter } from "./provider-router.ts";

describe("ProviderRouter", () => {
  it.each([
    ["/v1/chat/completions", "default", "chat.completions"],
    ["/v1/embeddings?user=7", "default", "embeddings"],
    ["/providers/slow/v1/chat/completions", "slow", "chat.completions"],
    ["/slow/v1/chat/completions", "slow", "chat.completions"],
    ["/acme/eu/v1/embeddings", "acme/eu", "embeddings"],
    ["/providers/a%20b/v1/embeddings", "a b", "embeddings"],
    ["/providers/g/v1beta/models/gemini-3:streamGenerateContent?alt=sse", "g", "streamGenerateContent"],
    ["/v1/projects/p/locations/l/publishers/google/models/m:generateContent", "default", "generateContent"],
  ])("leads %s to provider %s and endpoint %s", (path, provider, endpoint) => {
    expect(new ProviderRouter(wireFormats).find(path)).toMatchObject({
      kind: "call",
      provider,
      endpoint: { name: endpoint },
    });
  });

  it("finds the list of models", () => {
    expect(new ProviderRouter(wireFormats).find("/providers/x/v1/models")).toMatchObject({
      kind: "models",
      provider: "x",
    });
  });

  it.each([
    "/",
    "/v1",
    "/v1/chat",
    "/v1/chat/completions/",
    "/providers//v1/embeddings",
    "/%ff/v1/embeddings",
    "/v1beta/models/%ff:generateContent",
    `/${"x".repeat(129)}/v1/embeddings`,
  ])("knows nothing at %s", (path) => {
    expect(new ProviderRouter(wireFormats).find(path)).toBeUndefined();
  });

  it("plays a bounded number of providers and goes on serving those it knows", () => {
    const router = new ProviderRouter(wireFormats);
    for (let provider = 0; provider < 1_000; provider += 1)
      expect(router.find(`/p${provider}/v1/embeddings`)).toBeDefined();
    expect(router.find("/one-more/v1/embeddings")).toBeUndefined();
    expect(router.find("/p5/v1/embeddings")).toBeDefined();
  });
});
