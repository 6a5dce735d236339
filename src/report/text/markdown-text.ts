import { visibleLine } from './visible.ts'

/** Text in Markdown that is shown as it is, also in a cell of a table: no markup, no second line. */
export function markdownText(text: string): string {
  return visibleLine(text)
    .replace(/[&<>`*_[\]\\|~$]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/@|:(?=\/\/)|(?<=www)\.|(?<!&)#(?=\d)|!(?=\d)/gi, (sign) => `&#${sign.charCodeAt(0)};<!-- -->`)
}

export function fencedLine(line: string): string {
  return line.replaceAll('```', "'''")
}
