import type { Workflow } from '../change/workflow/definition/workflow.ts'
import { count, cutMiddle, type Style, wrapped } from './text/text.ts'

interface ValidFile {
  readonly file: string
  readonly kind: string
  readonly holds: string
  readonly workflow?: Workflow
}

export function validationText(
  files: readonly ValidFile[],
  warnings: readonly string[],
  style: Style,
  screen: number,
): string {
  const width = Math.min(Math.max(...files.map(({ file }) => [...file].length)), Math.floor(screen / 2))
  const rows = files.flatMap(({ file, kind, holds }) => {
    const name = cutMiddle(file, width)
    const said =
      `${name}${' '.repeat(width - [...name].length)}  ${kind} ${holds.replace(/^(sha256:[0-9a-f]{8})[0-9a-f]{56}$/, '$1')}`.trimEnd()
    const [first = '', ...more] = wrapped(said, { width: screen - 2, hang: width + 2 })
    return [`${style.good('✔')} ${first}`, ...more.map((line) => `  ${line}`)]
  })
  return [
    ...rows,
    ...warnings.flatMap((text) => text.split('\n').flatMap((line) => wrapped(line, { width: screen, hang: 4 }))),
    `Valid: ${count(files.length, 'file')}, 0 problems${warnings.length === 0 ? '' : `, ${count(warnings.length, 'warning')}`}`,
  ].join('\n')
}
