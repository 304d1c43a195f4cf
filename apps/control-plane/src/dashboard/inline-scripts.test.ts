import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { inlineScriptSources } from "./inline-scripts.ts";

const sourceOf = (code: string) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`;

describe("inlineScriptSources", () => {
  it("hashes each inline script once, byte for byte", () => {
    const html = `<script>a()</script><SCRIPT type="module">\n b("é") \n</SCRIPT><script>a()</script>`;
    expect(inlineScriptSources(html)).toEqual([sourceOf("a()"), sourceOf('\n b("é") \n')]);
  });

  it("leaves scripts of files to 'self'", () => {
    expect(inlineScriptSources(`<script src="/x.js" async></script><script data-src="x">c()</script>`)).toEqual([
      sourceOf("c()"),
    ]);
  });
});
