import { createLogger } from "@switchyard/telemetry/logger";
import { expect, test } from "vitest";
import { ExchangeRefusedError, type IssuedCredential, type LongLivedCredential } from "./exchange-credential.ts";
import { IssuedCredentials } from "./issued-credentials.ts";

const account: LongLivedCredential = {
  type: "azure_client",
  clientId: "c",
  clientSecret: "s",
  tokenUrl: "https://t.example/",
};
const hour = 3_600_000;

function rig() {
  const asked: { resolve: (issued: IssuedCredential) => void; reject: (error: Error) => void }[] = [];
  const exchange = () => new Promise<IssuedCredential>((resolve, reject) => asked.push({ resolve, reject }));
  const issued = new IssuedCredentials(exchange, createLogger({ service: "gateway-test", level: "silent" }));
  const answer = (token: string, expiresAtMs: number): void =>
    asked.at(-1)?.resolve({ secret: { type: "bearer", token }, expiresAtMs });
  return { asked, answer, get: (nowMs: number, id = "a") => issued.get(id, account, nowMs), issued };
}

const bearer = (token: string): object => ({ type: "bearer", token });

test("asks once for all who wait, and then answers at once", async () => {
  const { asked, answer, get } = rig();
  const waiting = [get(0), get(1), get(2)].map((secret) => Promise.resolve(secret));
  answer("t1", hour);
  expect(await Promise.all(waiting)).toEqual([bearer("t1"), bearer("t1"), bearer("t1")]);
  expect(get(3)).toEqual(bearer("t1"));
  expect(asked).toHaveLength(1);
});

test("renews ahead of the end while the old one is still sent", async () => {
  const { asked, answer, get } = rig();
  const first = get(0);
  answer("t1", hour);
  await first;
  expect(get(hour - 299_000)).toEqual(bearer("t1"));
  expect(get(hour - 298_000)).toEqual(bearer("t1"));
  expect(asked).toHaveLength(2);
  answer("t2", 2 * hour);
  await expect.poll(() => get(hour - 297_000)).toEqual(bearer("t2"));
});

test("does not send what is about to end, and rests after a failure", async () => {
  const { asked, answer, get } = rig();
  const first = get(0);
  answer("t1", hour);
  await first;
  const late = get(hour - 5_000);
  expect(late).toBeInstanceOf(Promise);
  asked.at(-1)?.reject(new ExchangeRefusedError(400));
  expect(await late).toBeNull();
  await expect.poll(() => get(hour)).toBeNull();
  expect(asked).toHaveLength(2);
  const again = get(hour + 11_000);
  answer("t3", 3 * hour);
  expect(await again).toEqual(bearer("t3"));
});

test("keeps the credentials of two secrets apart, and forgets those that policy dropped", async () => {
  const { asked, answer, get, issued } = rig();
  const one = get(0, "a");
  answer("a1", hour);
  const two = get(0, "b");
  answer("b1", hour);
  expect([await one, await two]).toEqual([bearer("a1"), bearer("b1")]);
  issued.keepOnly(new Set(["b"]));
  expect(get(1, "b")).toEqual(bearer("b1"));
  void get(1, "a");
  expect(asked).toHaveLength(3);
});
