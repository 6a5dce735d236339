import { visibleLine } from './visible.ts'

/**
 * Text in Markdown that is shown as it is, also in a cell of a table: no markup, no second line. It leads nowhere, and calls nobody and no issue where a forge
 * would see that in a bare text: much of what is shown was written by others, by a switch or in a reason.
 */
export function markdownText(text: string): string {
  return visibleLine(text)
    .replace(/[&<>`*_[\]\\|~$]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@|:(?=\/\/)|(?<=www)\.|(?<!&)#(?=\d)|!(?=\d)/gi, (sign) => `&#${sign.charCodeAt(0)};<!-- -->`)
}

/** A line of a fenced block, which cannot end the block. */
export function fencedLine(line: string): string {
  return line.replaceAll('```', "'''")
}
