/** Sign-in and sign-out go to better-auth's own endpoints, which are not part of the API contract. */
import { ControlPlaneError } from "../control-plane/call-operation.ts";

async function post(path: string, body: unknown): Promise<void> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new ControlPlaneError(
      0,
      "unreachable",
      "The control plane does not answer. Check that Switchyard is running.",
    );
  }
  if (response.ok) return;
  if (response.status === 429)
    throw new ControlPlaneError(429, "rate_limited", "Too many attempts. Wait a minute and try again.");
  if (response.status >= 500)
    throw new ControlPlaneError(response.status, "unavailable", "Sign-in is not available right now.");
  throw new ControlPlaneError(response.status, "unauthenticated", "E-mail address or password is wrong.");
}

export function signIn(email: string, password: string): Promise<void> {
  return post("/api/auth/sign-in/email", { email, password });
}

export function signOut(): Promise<void> {
  return post("/api/auth/sign-out", {});
}
