import { describe, expect, it } from "vitest";
import { ReceivedRequests } from "./received-requests.ts";

function add(requests: ReceivedRequests, body: Buffer): number {
  return requests.add({
    receivedAtMs: 0,
    method: "POST",
    url: "/",
    rawHeaders: [],
    attemptId: null,
    body,
    bodySha256: "",
  });
}

const numbers = (requests: ReceivedRequests): number[] => [...requests.newestFirst()].map(({ number }) => number);

describe("ReceivedRequests", () => {
  it("keeps the newest requests, newest first", () => {
    const requests = new ReceivedRequests(3);
    for (let request = 0; request < 5; request += 1) add(requests, Buffer.from("x"));
    expect(numbers(requests)).toEqual([5, 4, 3]);
  });

  it("keeps a bounded number of body bytes", () => {
    const requests = new ReceivedRequests(100);
    const body = Buffer.alloc(30 << 20);
    for (let request = 0; request < 4; request += 1) add(requests, body);
    expect(numbers(requests)).toEqual([4, 3]);
    add(requests, Buffer.alloc(1));
    expect(numbers(requests)).toEqual([5, 4, 3]);
  });

  it("counts on after clear", () => {
    const requests = new ReceivedRequests(3);
    add(requests, Buffer.from("x"));
    requests.clear();
    expect(numbers(requests)).toEqual([]);
    expect(add(requests, Buffer.from("x"))).toBe(2);
    expect(numbers(requests)).toEqual([2]);
  });
});
