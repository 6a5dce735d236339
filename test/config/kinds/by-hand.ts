import { readFileSync } from 'node:fs'

/** A line with the kind that somebody gave it by the manual, without the tables; undefined for one of none. */
export interface LabelledLine {
  readonly kind: string | undefined
  readonly path: readonly string[]
  readonly line: string
}

/** The lines of `by-hand.txt`. */
export function labelledLines(): readonly LabelledLine[] {
  let kind = ''
  const rows = readFileSync(new URL('by-hand.txt', import.meta.url), 'utf8').split('\n')
  return rows.flatMap((row): readonly LabelledLine[] => {
    if (!row.startsWith(' ')) kind = row === '' ? kind : row
    if (!row.startsWith(' ')) return []
    const words = row.trim().split(' > ')
    return [{ kind: kind === 'none' ? undefined : kind, path: words.slice(0, -1), line: words.at(-1) ?? '' }]
  })
}
