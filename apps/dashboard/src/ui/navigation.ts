import {
  IconActivityHeartbeat,
  IconArrowsSplit2,
  IconBan,
  IconBuildingBank,
  IconChartAreaLine,
  IconClipboardList,
  IconCoin,
  IconFileAnalytics,
  IconGitCompare,
  IconHeartbeat,
  IconKey,
  IconListSearch,
  IconPlugConnected,
  IconReportMoney,
  IconScale,
  IconTags,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";

export interface NavigationItem {
  readonly href: string;
  readonly label: string;
  readonly icon: Icon;
}

/** The dashboard's pages in the order in which people need them. */
export const navigation: readonly { readonly heading: string; readonly items: readonly NavigationItem[] }[] = [
  {
    heading: "Observe",
    items: [
      { href: "/", label: "Overview", icon: IconChartAreaLine },
      { href: "/requests", label: "Requests", icon: IconListSearch },
      { href: "/blocked", label: "Blocked calls", icon: IconBan },
      { href: "/cost", label: "Cost report", icon: IconReportMoney },
      { href: "/reports", label: "Reports", icon: IconFileAnalytics },
      { href: "/health", label: "Health", icon: IconHeartbeat },
      { href: "/ledger", label: "Ledger", icon: IconScale },
    ],
  },
  {
    heading: "Route",
    items: [
      { href: "/routes", label: "Routes", icon: IconArrowsSplit2 },
      { href: "/providers", label: "Providers", icon: IconPlugConnected },
      { href: "/models", label: "Models and prices", icon: IconTags },
      { href: "/fidelity", label: "Fidelity", icon: IconGitCompare },
    ],
  },
  {
    heading: "Govern",
    items: [
      { href: "/budgets", label: "Budgets and limits", icon: IconCoin },
      { href: "/keys", label: "Virtual keys", icon: IconKey },
      { href: "/teams", label: "Teams and projects", icon: IconBuildingBank },
    ],
  },
  {
    heading: "Administer",
    items: [
      { href: "/members", label: "Members", icon: IconUsersGroup },
      { href: "/audit-log", label: "Audit log", icon: IconClipboardList },
      { href: "/system", label: "System", icon: IconActivityHeartbeat },
    ],
  },
];
