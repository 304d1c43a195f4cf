import { createHash } from "node:crypto";

const scriptPattern = /<script(?<attributes>[^>]*)>(?<code>[^]*?)<\/script>/gi;

/** The CSP source of every inline script of a page: its hash lets exactly this script run, and no other. */
export function inlineScriptSources(html: string): string[] {
  const sources = [...html.matchAll(scriptPattern)].flatMap(({ groups }) => {
    const { attributes = "", code = "" } = groups ?? {};
    if (/(?:^|\s)src\s*=/i.test(attributes) || code === "") return [];
    return [`'sha256-${createHash("sha256").update(code, "utf8").digest("base64")}'`];
  });
  return [...new Set(sources)];
}

/** The policy of one page. Styles may be inline: the component kit sets them on elements, and they run nothing. */
export function pagePolicy(html: string): string {
  return [
    "default-src 'self'",
    `script-src ${["'self'", ...inlineScriptSources(html)].join(" ")}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
