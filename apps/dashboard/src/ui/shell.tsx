"use client";
import { AppShell, Burger, Group, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { AccountMenu } from "./account-menu.tsx";
import { ColourSchemeMenu } from "./colour-scheme-menu.tsx";
import { Logo } from "./logo.tsx";
import { navigation } from "./navigation.ts";
import classes from "./shell.module.css";

/** The frame around every page: navigation, who is signed in, light or dark. */
export function Shell({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const pathname = usePathname();
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 224, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", md: 28 }}
    >
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header px="md" hiddenFrom="sm" className={classes.header}>
        <Group h="100%" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Open navigation" aria-expanded={isOpen} />
          <Logo />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar px={8} pb={8} component="nav" aria-label="Pages" className={classes.navbar}>
        <Group className={classes.brand} justify="space-between" wrap="nowrap">
          <Logo />
          <Burger opened onClick={close} size="sm" aria-label="Close navigation" hiddenFrom="sm" />
        </Group>
        <ScrollArea type="never" flex={1}>
          {navigation.map((group) => (
            <div key={group.heading} className={classes.group}>
              <Text className={classes.heading}>{group.heading}</Text>
              {group.items.map((item) => (
                <Link
                  key={item.href}
                  href={item.href}
                  className={classes.link}
                  aria-current={isCurrent(pathname, item.href) ? "page" : undefined}
                  onClick={close}
                >
                  <item.icon size={17} stroke={1.7} aria-hidden />
                  {item.label}
                </Link>
              ))}
            </div>
          ))}
        </ScrollArea>
        <Group gap={4} wrap="nowrap" mt={8}>
          <AccountMenu />
          <ColourSchemeMenu />
        </Group>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

function isCurrent(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
