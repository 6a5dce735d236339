import { definedMembers } from '../../model/defined-members.ts'
import type { Problem } from '../../model/problem.ts'
import { visibleLine } from '../text/visible.ts'

export interface Annotation {
  readonly severity: 'error' | 'warning'
  readonly code: string
  /** What is wrong and how to mend it, as it may be shown: control and invisible characters are written out. */
  readonly text: string
  /** The file by its path from the root of the repository, with `/`; absent for a flag or a folder, which has no lines. */
  readonly file?: string
  readonly line: number
  readonly column: number
}

export type RepositoryPath = (file: string) => string | undefined

export function annotated(
  problems: readonly Problem[],
  severity: Annotation['severity'],
  pathOf: RepositoryPath,
): readonly Annotation[] {
  return problems.map(({ code, message, at, hint }) => {
    const file = pathOf(at.file)
    const place = file === undefined ? `${at.file}: ` : ''
    return {
      severity,
      code,
      text: visibleLine(`${place}${message}`) + (hint === undefined ? '' : `\n${visibleLine(hint)}`),
      ...definedMembers({ file }),
      line: at.line,
      column: at.column,
    }
  })
}
