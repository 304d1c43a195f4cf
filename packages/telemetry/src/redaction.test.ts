import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactSecrets } from "./redaction.ts";

const secrets: readonly (readonly [what: string, text: string])[] = [
  ["a virtual key", "sk-sy-CANARYabcdef_0123456789012345678901234567890123456789"],
  ["a virtual key glued to a word", "keysk-sy-CANARYabcdef_0123456789"],
  ["an admin token", "sy-admin-CANARYabcdef_0123456789"],
  ["an OpenAI key", "sk-CANARYabcdefghijklmnop"],
  ["an OpenAI project key", "sk-proj-CANARY_abc-defghijklmnop"],
  ["an Anthropic key", "sk-ant-api03-CANARYabcdef-ghi_jkl"],
  ["a Groq key", "gsk_CANARYabcdefghijkl"],
  ["an xAI key", "xai-CANARYabcdefghijkl"],
  ["a Hugging Face token", "hf_CANARYabcdefghijkl"],
  ["a GitHub token", "ghp_CANARYabcdefghijkl"],
  ["a GitHub fine-grained token", "github_pat_CANARYabcdefghijkl"],
  ["a Stripe key", "sk_live_CANARYabcdefghijkl"],
  ["a Slack token", "xoxb-CANARY-abcdefghijkl"],
  ["a Google key", "AIzaSyCANARYabcdefghijklmnopqrstuvwxyz"],
  ["an AWS access key id", "AKIACANARYABCDEFGHIJ"],
  ["a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARYsignature-_x"],
  ["a master key", "CANARYabcdefghijklmnopqrstuvwxyz0123456789+="],
  ["a bearer header", "Authorization: Bearer CANARY.abc/def=="],
  ["a basic header", "authorization: Basic CANARYabc="],
  ["a bearer value alone", "bearer CANARYabcdef"],
  ["a bearer value in a URL", "Bearer%20CANARYabcdef"],
  ["an x-api-key header", "x-api-key: CANARY"],
  ["a cookie header", 'Cookie: theme=dark; session="CANARY"; other=CANARY'],
  ["a set-cookie header", "set-cookie: session=CANARY; Path=/; HttpOnly"],
  ["a key in a query", "GET /v1beta/models?key=CANARY&alt=sse"],
  ["an api_key in a query", "https://example.com/?a=1&api_key=CANARY#x"],
  ["an environment variable", "OPENAI_API_KEY=CANARY"],
  ["a JSON field", '{"client_secret":"CANARY with spaces, and commas","n":1}'],
  ["a JSON field with an escaped quote", String.raw`{"password":"CAN\"ARY CANARY"}`],
  ["a JSON field in a JSON string", String.raw`{"body":"{\"access_token\":\"CANARY and more\",\"n\":1}"}`],
  ["a printed object", "{ password: 'CANARY it is', user: 'x' }"],
  ["a provider's complaint", "Incorrect API key provided: CANARYab. You can find it"],
  ["a connection string", "postgres://switchyard:CANARY@127.0.0.1:5440/switchyard"],
  ["a connection string with reserved characters", "postgresql://user:CAN@R/CANARY@db/x"],
  ["a URL with a password", "https://user:CANARY@example.com/path"],
  ["a URL with a token", "https://CANARY@example.com/path"],
  ["a Redis URL", "redis://:CANARY@localhost:6379"],
  ["a PEM block", "-----BEGIN PRIVATE KEY-----\nCANARY\nCANARY\n-----END PRIVATE KEY-----"],
  ["a PEM block in JSON", String.raw`-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----`],
  ["a PEM block cut off", "-----BEGIN EC PRIVATE KEY-----\nCANARY"],
];

describe("redactSecrets", () => {
  it.each(secrets)("takes out %s", (_what, text) => {
    const result = redactSecrets(text);
    expect(result).toContain("[redacted]");
    expect(result).not.toContain("CANARY");
  });

  it("takes them out wherever they stand, and leaves its own result alone", () => {
    const separator = fc.constantFrom(" ", "\n", "\t", ", ", '"', "'", "(", "[", "; ", " => ", "…");
    const words = fc.array(fc.constantFrom("upstream", "said", "no", "404", "é", "{", "}", "://", "%"), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        words,
        separator,
        fc.constantFrom(...secrets),
        separator,
        words,
        (before, open, [, secret], close, after) => {
          const result = redactSecrets(before.join(" ") + open + secret + close + after.join(" "));
          expect(result).not.toContain("CANARY");
          expect(redactSecrets(result)).toBe(result);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("keeps what surrounds a secret", () => {
    expect(redactSecrets("connect to postgres://u:p@db:5432/x failed")).toBe(
      "connect to postgres://[redacted]@db:5432/x failed",
    );
    expect(redactSecrets('{"api_key":"abc","model":"m"}')).toBe('{"api_key":"[redacted]","model":"m"}');
    expect(redactSecrets("?key=abc&alt=sse")).toBe("?key=[redacted]&alt=sse");
    expect(redactSecrets("used sk-proj-abcdefghijkl twice")).toBe("used [redacted] twice");
  });

  it.each([
    "",
    "request ended",
    "the task-management and risk-assessment desk-top tools",
    "input tokens: 1200, output tokens: 400, max_tokens=5",
    "0199f1a2-7f3c-7abc-8def-0123456789ab",
    "http://127.0.0.1:8080/v1/chat/completions",
    "https://api.example.com:443/v1?alt=sse",
    "mail ops@example.com about team@example.org",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "connect ECONNREFUSED 127.0.0.1:5440",
    "missing bearer token",
    "the key of the cache was not found",
  ])("leaves %j as it is", (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it("never throws and takes no longer than linear time on hostile text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof redactSecrets(text) === "string"));
    const pieces = [
      "sk-",
      "://",
      "://a:",
      "postgres://",
      "-----BEGIN A-----",
      "eyJ",
      "eyJaaaaaaaa.",
      "token",
      "token:",
      "token: ",
      'password:"\\',
      "key=",
      "?key=",
      "cookie",
      "bearer ",
      "A",
      "=",
      "\\",
      '"',
      "@",
      ":",
      " ",
      "AIza",
    ];
    // A quadratic pattern needs minutes for a megabyte; the test's own time limit tells.
    for (const piece of pieces) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      expect(redactSecrets(text).length).toBeGreaterThan(0);
      expect(redactSecrets(`${text}@`).length).toBeGreaterThan(0);
    }
  });
});
