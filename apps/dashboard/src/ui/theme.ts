import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Signal green: the one accent. Status colours (red, yellow) are kept for status. */
const signal: MantineColorsTuple = [
  "#e9fbf3",
  "#d5f3e5",
  "#aae6cb",
  "#7bd9ae",
  "#55ce96",
  "#3cc787",
  "#2dbf7d",
  "#1ea86b",
  "#0f965e",
  "#00814f",
];

export const theme = createTheme({
  primaryColor: "signal",
  primaryShade: { light: 8, dark: 6 },
  colors: { signal },
  autoContrast: true,
  defaultRadius: "md",
  fontFamily: "var(--font-geist-sans), system-ui, sans-serif",
  fontFamilyMonospace: "var(--font-geist-mono), ui-monospace, monospace",
  headings: { fontFamily: "var(--font-geist-sans), system-ui, sans-serif", fontWeight: "600" },
  cursorType: "pointer",
});
