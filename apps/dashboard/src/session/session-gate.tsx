"use client";
import { Center, Loader } from "@mantine/core";
import type { Session } from "@switchyard/api-contract/access";
import { useQuery } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import { ControlPlaneError } from "../control-plane/call-operation.ts";
import { Failure } from "../ui/failure.tsx";
import { sessionQuery } from "./session-queries.ts";

const SessionContext = createContext<Session | null>(null);

/** Shows its children to a signed-in member and sends everybody else to sign in. The server decides; this only asks it. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const router = useRouter();
  const pathname = usePathname();
  const isSignedOut = session.error instanceof ControlPlaneError && session.error.status === 401;

  useEffect(() => {
    if (isSignedOut) router.replace(`/sign-in?returnTo=${encodeURIComponent(pathname + window.location.search)}`);
  }, [isSignedOut, pathname, router]);

  if (session.data) return <SessionContext value={session.data}>{children}</SessionContext>;
  return (
    <Center mih="100dvh" p="md">
      {session.error && !isSignedOut ? (
        <Failure error={session.error} onRetry={() => void session.refetch()} />
      ) : (
        <Loader aria-label="Loading" />
      )}
    </Center>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside SessionGate");
  return session;
}

/** What the signed-in member may do, as the server enforces it, and what to say where they may not. */
export function usePermissions() {
  const { role } = useSession();
  const isAdministrator = role === "owner" || role === "admin";
  const canEditMoney = isAdministrator || role === "finance";
  const canManageMembers = role === "owner";
  const refusal = (may: boolean, who: string) => (may ? null : `Your role (${role}) may not do this. Ask ${who}.`);
  return {
    canEditPolicy: isAdministrator,
    canEditMoney,
    canManageMembers,
    refusals: {
      policy: refusal(isAdministrator, "an owner or admin"),
      money: refusal(canEditMoney, "an owner, admin or finance member"),
      members: refusal(canManageMembers, "an owner"),
    },
  };
}
