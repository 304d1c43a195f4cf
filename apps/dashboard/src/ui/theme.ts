import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

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

const gray: MantineColorsTuple = [
  "#f8f9fa",
  "#f2f4f5",
  "#e8eaed",
  "#dde0e4",
  "#d0d4d9",
  "#a3a9b2",
  "#636a75",
  "#4a515b",
  "#343a42",
  "#1d2126",
];

const dark: MantineColorsTuple = [
  "#dcdfe3",
  "#b6bac1",
  "#979ca5",
  "#70767f",
  "#30343a",
  "#25282d",
  "#1a1c20",
  "#121316",
  "#0c0d0f",
  "#08090a",
];

export const theme = createTheme({
  primaryColor: "signal",
  // White text on shade 9 has the contrast that small text needs, in both schemes.
  primaryShade: 9,
  colors: { signal, gray, dark },
  black: "#15181c",
  defaultRadius: "md",
  radius: { sm: "5px", md: "7px" },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  fontFamily: "var(--font-geist-sans), system-ui, sans-serif",
  fontFamilyMonospace: "var(--font-geist-mono), ui-monospace, monospace",
  headings: {
    fontFamily: "var(--font-geist-sans), system-ui, sans-serif",
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "22px", lineHeight: "1.3" },
      h2: { fontSize: "20px", lineHeight: "1.3" },
      h3: { fontSize: "16px", lineHeight: "1.4" },
      h4: { fontSize: "15px", lineHeight: "1.4" },
      h5: { fontSize: "14px", lineHeight: "1.4" },
    },
  },
  cursorType: "pointer",
  components: {
    Badge: { defaultProps: { variant: "light", radius: "sm", size: "sm", tt: "none", fw: 500 } },
    Button: { styles: { label: { fontWeight: 500 } } },
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { "aria-label": "Close" } },
      styles: { title: { fontSize: "15px", fontWeight: 600 } },
    },
    Drawer: {
      defaultProps: { position: "right", closeButtonProps: { "aria-label": "Close" } },
      styles: { title: { fontSize: "16px", fontWeight: 600 } },
    },
    // A list that opens because focus moved there covers what the person was about to read.
    Select: { defaultProps: { openOnFocus: false } },
    SegmentedControl: { styles: { label: { fontWeight: 500 } } },
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: true }, openDelay: 150, fz: "xs" } },
  },
});

/** Shades that text and badges take, so that every one of them reads at AA on its own background. */
export const colourVariables: CSSVariablesResolver = () => ({
  variables: { "--mantine-color-signal-filled-hover": "#006e44" },
  light: {
    "--mantine-color-placeholder": "#6c737e",
    "--mantine-color-default-border": "var(--mantine-color-gray-3)",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-red-text": "#c92a2a",
    "--mantine-color-teal-text": "#067a57",
    "--mantine-color-yellow-text": "#8a5600",
    "--mantine-color-orange-text": "#a8430a",
    "--mantine-color-signal-text": "#00764a",
    "--mantine-color-signal-light-color": "#00633d",
    "--mantine-color-yellow-light-color": "#7a4d00",
    "--mantine-color-blue-light-color": "#1358a8",
    "--mantine-color-gray-light-color": "#474e58",
    "--mantine-color-red-light-color": "#b42020",
  },
  dark: {
    "--mantine-color-placeholder": "#878d97",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-red-text": "#ff8787",
    "--mantine-color-yellow-text": "#f0c04a",
    "--mantine-color-gray-light-color": "#b6bac1",
  },
});
