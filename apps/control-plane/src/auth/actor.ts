import type { Role } from "@switchyard/api-contract/operation";

/** Who makes a call or a change: a signed-in member, an admin token, or the system itself (the first-run seed). */
export interface Actor {
  readonly type: "member" | "admin_token" | "system";
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
}
