import { describe, expect, it } from "vitest";
import { createAddressPolicy } from "./address-policy.ts";

const strict = createAddressPolicy({ allowLoopback: false, allowedRanges: [] });

describe("address policy", () => {
  it.each([
    "127.0.0.1",
    "127.1.2.3",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "fe80::1",
    "fc00::1",
    "::",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "not-an-address",
    "",
  ])("refuses %s", (address) => {
    expect(strict(address)).toBe(false);
  });

  it.each(["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])("allows the public %s", (address) => {
    expect(strict(address)).toBe(true);
  });

  it("allows loopback only where asked, in either notation", () => {
    const local = createAddressPolicy({ allowLoopback: true, allowedRanges: [] });
    expect([local("127.0.0.1"), local("::1"), local("::ffff:127.0.0.1"), local("10.0.0.1")]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("opens the ranges that the operator names, and only those", () => {
    const opened = createAddressPolicy({ allowLoopback: false, allowedRanges: ["10.20.0.0/16", "fd00::/8"] });
    expect([opened("10.20.3.4"), opened("10.21.0.1"), opened("fd12::1"), opened("fc00::1")]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("refuses a range that is not CIDR", () => {
    expect(() => createAddressPolicy({ allowLoopback: false, allowedRanges: ["10.0.0.0"] })).toThrow(RangeError);
  });
});
