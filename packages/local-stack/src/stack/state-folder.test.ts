import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStateFolder } from "./state-folder.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-state-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("openStateFolder", () => {
  it("makes a folder that only its owner may enter, also where one was open to all", () => {
    const state = openStateFolder(join(folder, "deep", "home"));
    expect([modeOf(state.path), modeOf(state.logs)]).toEqual([0o700, 0o700]);
    const open = mkdtempSync(join(folder, "open-"));
    expect(modeOf(openStateFolder(open).path)).toBe(0o700);
  });

  it("keeps a secret once made", () => {
    const path = join(folder, "secrets");
    const first = openStateFolder(path).secret("key", () => "first");
    const second = openStateFolder(path).secret("key", () => "second");
    expect([first, second, modeOf(join(path, "key"))]).toEqual(["first", "first", 0o600]);
  });

  it("does not replace a secret that was emptied", () => {
    const state = openStateFolder(join(folder, "emptied"));
    writeFileSync(state.at("key"), "\n");
    expect(() => state.secret("key", () => "new")).toThrow(/key is empty\. Restore it/);
  });

  it("says what to do where it cannot write", () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    expect(() => openStateFolder(join(file, "home"))).toThrow(
      `Cannot write to the state folder ${join(file, "home")} (a file is in the way). Choose another: SWITCHYARD_HOME=`,
    );
  });

  it.runIf(process.platform === "linux")("says so where the system makes no folders at all", () => {
    expect(() => openStateFolder("/proc/switchyard")).toThrow("no folder can be made there");
  });
});
