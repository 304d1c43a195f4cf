"use client";
import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { useState, type ReactNode } from "react";
import { createQueryClient } from "../control-plane/query-client.ts";
import { colourVariables, theme } from "./theme.ts";

/** Everything that every page needs around it. */
export function Application({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} cssVariablesResolver={colourVariables} defaultColorScheme="auto">
        <ModalsProvider>
          <Notifications position="bottom-right" />
          <NuqsAdapter>{children}</NuqsAdapter>
        </ModalsProvider>
      </MantineProvider>
    </QueryClientProvider>
  );
}
