"use client";
import { Button, Menu, Modal, Text } from "@mantine/core";
import type { SavedView, ViewedPage } from "@switchyard/api-contract/saved-views";
import {
  IconBookmark,
  IconBookmarkPlus,
  IconChevronDown,
  IconHome,
  IconSettings,
  IconUsers,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { ManageViews } from "./manage-views.tsx";
import { savedViewsQuery } from "./queries.ts";
import { SaveViewForm } from "./save-view-form.tsx";

/**
 * Views of a page: each is an address, so choosing one is going there. Whoever comes to the page without saying what they
 * want to see is shown their default.
 */
export function SavedViewsMenu({ page }: { page: ViewedPage }) {
  const router = useRouter();
  const pathname = usePathname();
  const query = useSearchParams().toString();
  const views = useQuery(savedViewsQuery(page));
  const [dialog, setDialog] = useState<"save" | "manage" | null>(null);
  useDefaultView(views.data, query, (of) => router.replace(`${pathname}?${of}`));
  const shown = views.data?.find((view) => isSame(view.query, query));
  const close = () => setDialog(null);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconBookmark size={14} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {shown?.name ?? "Views"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
          {views.data?.map((view) => (
            <Menu.Item
              key={view.id}
              aria-current={view === shown || undefined}
              leftSection={view.isShared ? <IconUsers size={14} aria-label="Shared" /> : undefined}
              rightSection={view.isDefault ? <IconHome size={14} aria-label="Your default" /> : undefined}
              onClick={() => router.push(`${pathname}?${view.query}`)}
            >
              {view.name}
              {!view.isYours && (
                <Text span size="xs" c="dimmed" ml={6}>
                  {view.ownerName}
                </Text>
              )}
            </Menu.Item>
          ))}
          {views.data?.length === 0 && <Menu.Label>No view is saved yet</Menu.Label>}
          <Menu.Divider />
          <Menu.Item leftSection={<IconBookmarkPlus size={14} aria-hidden />} onClick={() => setDialog("save")}>
            Save this view…
          </Menu.Item>
          {views.data !== undefined && views.data.length > 0 && (
            <Menu.Item leftSection={<IconSettings size={14} aria-hidden />} onClick={() => setDialog("manage")}>
              Manage views…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={dialog === "save"} onClose={close} title="Save this view">
        <SaveViewForm page={page} query={query} onDone={close} />
      </Modal>
      <Modal opened={dialog === "manage"} onClose={close} title="Views of this page" size="lg">
        <ManageViews page={page} query={query} views={views.data ?? []} />
      </Modal>
    </>
  );
}

/** Goes to the default once, where the address says nothing of its own. */
function useDefaultView(views: readonly SavedView[] | undefined, query: string, goTo: (query: string) => void): void {
  const isDecided = useRef(query !== "");
  const known = views?.find(({ isDefault }) => isDefault)?.query ?? null;
  const isLoaded = views !== undefined;
  useEffect(() => {
    if (isDecided.current || !isLoaded) return;
    isDecided.current = true;
    if (known !== null && known !== "") goTo(known);
  }, [isLoaded, known, goTo]);
}

function isSame(left: string, right: string): boolean {
  const sorted = (query: string) => {
    const parameters = new URLSearchParams(query);
    parameters.sort();
    return parameters.toString();
  };
  return sorted(left) === sorted(right);
}
