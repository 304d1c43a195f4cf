import { Anchor, Center } from "@mantine/core";
import { IconSignRight } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "../ui/empty-state.tsx";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <Center component="main" mih="100vh">
      <EmptyState
        icon={<IconSignRight size={24} />}
        title="There is no page here"
        action={
          <Anchor href="/" size="sm">
            Go to the overview
          </Anchor>
        }
      >
        The address may be mistyped, or what it showed has been deleted.
      </EmptyState>
    </Center>
  );
}
