import { createHmac } from "node:crypto";

/**
 * The signature header of an outgoing webhook: `t=<epoch ms>,v1=<hex>`, where v1 is HMAC-SHA256 over `<t>.<body>`. The
 * receiver recomputes it with the secret that it was shown once, and refuses old timestamps. Throws on an empty secret,
 * whose signature anybody could forge.
 */
export function signWebhook(secret: string, body: string, timestampMs: number): string {
  if (secret === "") throw new RangeError("a webhook secret must not be empty");
  const signature = createHmac("sha256", secret).update(`${timestampMs}.${body}`).digest("hex");
  return `t=${timestampMs},v1=${signature}`;
}
