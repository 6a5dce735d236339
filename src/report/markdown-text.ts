import { visibleLine } from './visible.ts'

/** Text in Markdown that is shown as it is, also in a cell of a table: no markup, no second line. */
export function markdownText(text: string): string {
  return visibleLine(text).replace(/[&<>`*_[\]\\|~$]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A line of a fenced block, which cannot end the block. */
export function fencedLine(line: string): string {
  return line.replaceAll('```', "'''")
}

/** The same for what others than us have written: it leads nowhere, and calls nobody and no issue where a forge would see that in a bare text. */
export function foreignMarkdown(text: string): string {
  return markdownText(text).replace(
    /@|:(?=\/\/)|(?<=www)\.|(?<!&)#(?=\d)/gi,
    (sign) => `&#${sign.charCodeAt(0)};<!-- -->`,
  )
}
