const columnWidth = 56;
const gap = " | ";

/** Two texts beside each other, broken into lines of one width; `indent` spaces before each. */
export function sideBySide(left: string, right: string, indent: number): string {
  const [lefts, rights] = [left, right].map(linesOf);
  const count = Math.max(lefts?.length ?? 0, rights?.length ?? 0);
  return Array.from({ length: count }, (_, index) =>
    `${" ".repeat(indent)}${(lefts?.[index] ?? "").padEnd(columnWidth)}${gap}${rights?.[index] ?? ""}`.trimEnd(),
  ).join("\n");
}

/** Cut between characters, never inside one. */
function linesOf(text: string): string[] {
  const characters = Array.from(text);
  const count = Math.max(1, Math.ceil(characters.length / columnWidth));
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * columnWidth, (index + 1) * columnWidth).join(""),
  );
}
