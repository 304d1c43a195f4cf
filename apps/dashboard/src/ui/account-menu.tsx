"use client";
import { Menu, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconLogout, IconSelector } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useSession } from "../session/session-gate.tsx";
import { signOut } from "../session/sign-in.ts";
import classes from "./shell.module.css";

/** Who is signed in, where, as what, and the way out. */
export function AccountMenu() {
  const session = useSession();
  const queryClient = useQueryClient();
  const router = useRouter();
  const leave = async () => {
    await signOut();
    queryClient.clear();
    router.replace("/sign-in");
  };
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <VisuallyHidden>Account of</VisuallyHidden>
          <div className={classes.names}>
            <Text size="sm" fw={500} truncate lh={1.3}>
              {session.name}
            </Text>
            <Text size="xs" c="dimmed" truncate lh={1.3}>
              {session.organisationName}
            </Text>
          </div>
          <IconSelector size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.email ?? session.name}
          <br />
          {session.organisationName} · {session.role}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
