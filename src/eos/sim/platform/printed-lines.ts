export function printedLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
