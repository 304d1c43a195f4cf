import type { Attribution } from "@switchyard/metering/usage-event";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { Caller } from "./caller.ts";

const longestUser = 200;
const longestTags = 1_024;
const mostTags = 10;
const tagName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;
const tagValue = /^[A-Za-z0-9_.:@/+-]{1,80}$/;
// Printable ASCII: the value ends in logs, reports and exports.
const printable = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Who pays and who asked: the caller, and what the client adds in headers. Throws `invalid_header` for what it cannot take. */
export function readAttribution(call: Call, caller: Caller): Attribution {
  const { headers } = call.request;
  call.attribution = {
    organisationId: caller.organisationId,
    teamId: caller.teamId,
    projectId: caller.projectId,
    virtualKeyId: caller.virtualKeyId,
    user: readName(headers["x-switchyard-user"], "x-switchyard-user"),
    session: readName(headers["x-switchyard-session"], "x-switchyard-session"),
    tags: readTags(headers["x-switchyard-tags"]),
  };
  return call.attribution;
}

function readName(value: string | readonly string[] | undefined, header: string): string | null {
  if (value === undefined) return null;
  if (typeof value !== "string" || value.length > longestUser || !printable.test(value)) {
    throw new GatewayError("invalid_header", `${header} must be 1 to ${longestUser} printable ASCII characters.`, {
      param: header,
    });
  }
  return value;
}

const noTags: readonly string[] = [];

function readTags(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return noTags;
  if (typeof value !== "string" || value.length > longestTags) throw invalidTags();
  const tags = value.split(",").map((tag) => readTag(tag.trim()));
  const names = new Set(tags.map((tag) => tag.slice(0, tag.indexOf("="))));
  if (tags.length > mostTags || names.size !== tags.length) throw invalidTags();
  return tags.toSorted();
}

function readTag(tag: string): string {
  const equalsAt = tag.indexOf("=");
  if (!tagName.test(tag.slice(0, Math.max(equalsAt, 0))) || !tagValue.test(tag.slice(equalsAt + 1)))
    throw invalidTags();
  return tag;
}

function invalidTags(): GatewayError {
  return new GatewayError(
    "invalid_header",
    `x-switchyard-tags must be up to ${mostTags} different name=value pairs, separated by commas.`,
    { param: "x-switchyard-tags" },
  );
}
