import type { Workflow } from '../change/workflow/definition/workflow.ts'
import { count } from './text/count.ts'
import { cutMiddle, wrapped } from './text/fit.ts'
import type { Style } from './text/style.ts'

/** A file that is good, as a validation names it. */
export interface ValidFile {
  readonly file: string
  readonly kind: string
  /** What the file holds, in a few words. */
  readonly holds: string
  /** The workflow, when the file is one. */
  readonly workflow?: Workflow
}

/**
 * Files that are good, each with what it holds, and the warnings, each as its text. Half of the screen is for the names of files, the rest
 * for what they hold; the digest of a policy is short.
 */
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
