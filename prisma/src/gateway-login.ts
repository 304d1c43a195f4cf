import { withOwnerSession } from "./owner-session.ts";
import { scramVerifier } from "./scram-verifier.ts";

/** The group role that the migrations create; a gateway logs in as a member of it. */
export const gatewayRole = "switchyard_gateway";

export interface GatewayLogin {
  /** Lower-case letters, digits and underscores. */
  readonly roleName: string;
  /** Printable ASCII, at least 16 characters: this password is made by a machine. */
  readonly password: string;
}

const roleNamePattern = /^[a-z_][a-z0-9_]{0,62}$/;
const passwordPattern = /^[\x21-\x7e]{16,200}$/;

/**
 * Creates the login role that gateways use, or sets its password, and puts it into `switchyard_gateway`. The server sees
 * a verifier and never the password, so that no statement log can hold it. Refuses to turn a privileged role, or the
 * caller's own, into a gateway's. Needs an owner that may create roles.
 */
export async function ensureGatewayLogin(ownerConnectionString: string, login: GatewayLogin): Promise<void> {
  if (!roleNamePattern.test(login.roleName)) throw new RangeError("a role name is lower-case letters, digits and _");
  if (!passwordPattern.test(login.password)) {
    throw new RangeError("a gateway's database password is 16 to 200 printable ASCII characters without spaces");
  }
  const verifier = scramVerifier(login.password);
  await withOwnerSession(ownerConnectionString, async (client) => {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtext('ensure_gateway_login'))");
    const { rows } = await client.query<{ privileged: boolean }>(
      `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR rolname = current_user
         AS privileged
       FROM pg_roles WHERE rolname = $1`,
      [login.roleName],
    );
    if (rows[0]?.privileged === true) {
      throw new Error(`${login.roleName} is a privileged role; gateways need one of their own`);
    }
    const verb = rows.length === 0 ? "CREATE" : "ALTER";
    await client.query(`${verb} ROLE ${login.roleName} LOGIN INHERIT PASSWORD ${client.escapeLiteral(verifier)}`);
    await client.query(`GRANT ${gatewayRole} TO ${login.roleName}`);
    await client.query("COMMIT");
  });
}
