import { ControlPlaneError } from "../errors/control-plane-error.ts";

/** One spelling of a base URL: no trailing slash, and nothing that does not belong into one. */
export function normaliseBaseUrl(text: string): string {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new ControlPlaneError("validation_failed", {
      problems: [
        {
          path: "baseUrl",
          code: "not_a_base_url",
          message: "must have no user, query or fragment; a secret goes into `credential`",
        },
      ],
    });
  }
  return url.href.replace(/\/+$/, "");
}

export function originOf(baseUrl: string): string {
  return new URL(baseUrl).origin;
}
