import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pagePolicy } from "./inline-scripts.ts";

export interface DashboardFile {
  /** Path inside the export's folder. */
  readonly path: string;
  readonly cacheControl: string;
  /** Set for pages. */
  readonly contentSecurityPolicy: string | null;
}

export const notFoundPage = "/404";

const forever = "public, max-age=31536000, immutable";
const askAgain = "no-cache";

/**
 * Every file of a static export by the URL it is served at: `routes.html` at /routes, the rest under its own name. What
 * is not in this list does not exist, so no path can lead out of the folder. Throws if the folder cannot be read.
 */
export async function listDashboardFiles(folder: string): Promise<Map<string, DashboardFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const listed = await Promise.all(
    files.map(async (entry): Promise<[string, DashboardFile]> => {
      const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
      if (!path.endsWith(".html")) {
        // Next puts a hash of the content into these names.
        const isHashed = path.startsWith("_next/static/");
        return [`/${path}`, { path, cacheControl: isHashed ? forever : askAgain, contentSecurityPolicy: null }];
      }
      const html = await readFile(join(folder, path), "utf8");
      return [urlOfPage(path), { path, cacheControl: askAgain, contentSecurityPolicy: pagePolicy(html) }];
    }),
  );
  return new Map(listed);
}

function urlOfPage(path: string): string {
  const name = path.slice(0, -".html".length).replace(/(^|\/)index$/, "");
  return `/${name}`;
}
