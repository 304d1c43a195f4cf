import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { readForm, replaceField } from "./read-form.ts";

const contentType = "multipart/form-data; boundary=----b0undary";

/** A form as browsers and SDKs write it; bytes are a file. */
function written(fields: readonly (readonly [string, string | Uint8Array])[]): Uint8Array {
  const bytes = fields.flatMap(([name, value]) => {
    const file = typeof value === "string" ? "" : '; filename="speech.wav"\r\nContent-Type: audio/wav';
    const head = `------b0undary\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [...encodeUtf8(head), ...(typeof value === "string" ? encodeUtf8(value) : value), 13, 10];
  });
  return Uint8Array.from([...bytes, ...encodeUtf8("------b0undary--\r\n")]);
}

describe("readForm", () => {
  it("finds the fields and the file, whatever bytes they have", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: "grapheme" }), (sound, text) => {
        const bytes = written([
          ["model", "ears"],
          ["prompt", text],
          ["file", sound],
        ]);
        const reading = readForm(bytes, contentType);
        if (!reading.ok || reading.file === null) throw new Error("not read");
        expect(reading.fields).toEqual({ model: "ears", prompt: text });
        expect(bytes.slice(reading.file.start, reading.file.end)).toEqual(sound);
      }),
    );
  });

  it("replaces one field and leaves every other byte", () => {
    const bytes = written([
      ["file", Uint8Array.of(0, 13, 10, 45, 45, 255)],
      ["model", "ears"],
      ["language", "en"],
    ]);
    const reading = readForm(bytes, contentType);
    if (!reading.ok) throw new Error(reading.message);
    expect(replaceField(bytes, reading.form, "model", "ears")).toBe(bytes);
    const replaced = replaceField(bytes, reading.form, "model", "whisper-1");
    expect(decodeUtf8(replaced)).toBe(decodeUtf8(bytes).replace("ears", "whisper-1"));
  });

  it.each([
    ["no boundary", "multipart/form-data", "--x--"],
    ["a boundary that does not occur", "multipart/form-data; boundary=y", "--x--"],
    ["no end", "multipart/form-data; boundary=x", '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nvalue'],
    ["a part without a name", "multipart/form-data; boundary=x", "--x\r\na: b\r\n\r\nvalue\r\n--x--"],
    ["two models", "multipart/form-data; boundary=x", `${part("a")}${part("b")}--x--`],
    ["too many parts", "multipart/form-data; boundary=x", `${part("a", "f").repeat(65)}--x--`],
  ])("refuses %s", (_, contentType, body) => {
    expect(readForm(encodeUtf8(body), contentType).ok).toBe(false);
  });

  it("reads any bytes without throwing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("--x", "\r\n", "\r\n\r\n", "--", 'content-disposition: form-data; name="a"', "z")),
        (pieces) => {
          expect(typeof readForm(encodeUtf8(pieces.join("")), "multipart/form-data; boundary=x").ok).toBe("boolean");
        },
      ),
    );
  });
});

function part(value: string, name = "model"): string {
  return `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}
