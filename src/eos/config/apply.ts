import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { type ConfigChange, type ConfigDiff, type HunkRow, usualMargin } from './diff/diff.ts'
import { parseConfig, renderConfig } from './text/parse.ts'
import type { ConfigTree } from './text/tree.ts'

/**
 * The tree that a diff leads to: `renderConfig(applyDiff(a, diffConfig(a, b)))` is `renderConfig(b)`.
 *
 * @throws EosflowError `stale`, with the line, where the tree is not the one the diff was made from, be it only in
 *   lines that the diff does not touch; and where the diff itself has been altered.
 */
export function applyDiff(tree: ConfigTree, diff: ConfigDiff): ConfigTree {
  const text = renderConfig(tree)
  const rows = text === '' ? [] : text.slice(0, -1).split('\n')
  const hunks = drawHunks(diff)
  if (sha256(text) !== diff.from) throw stale(rows, hunks)
  const result: string[] = []
  let row = 0
  for (const { at, remove, add } of hunks) {
    while (row < at) result.push(rows[row++] ?? '')
    row += remove.length
    for (const raw of add) result.push(raw)
  }
  while (row < rows.length) result.push(rows[row++] ?? '')
  const applied = result.length === 0 ? '' : `${result.join('\n')}\n`
  if (sha256(applied) !== diff.to) throw altered()
  return parseConfig(applied)
}

interface DrawnHunk {
  readonly at: number
  readonly after: string | null
  readonly remove: readonly string[]
  readonly add: readonly string[]
}

function drawHunks({ changes, layout }: ConfigDiff): DrawnHunk[] {
  let next = 0
  const draw = (rows: readonly HunkRow[], sign: '+' | '-') => {
    const drawn: string[] = []
    for (const row of rows) {
      if (typeof row === 'string') drawn.push(row)
      else if (typeof row === 'object') drawn.push(row.margin + changeAt(changes, next++, sign).line + row.trailing)
      else for (let left = row; left > 0; left--) drawn.push(usualRow(changeAt(changes, next++, sign)))
    }
    return drawn
  }
  return layout.map(({ at, after, remove, add }) => ({ at, after, remove: draw(remove, '-'), add: draw(add, '+') }))
}

function changeAt(changes: readonly ConfigChange[], index: number, sign: '+' | '-') {
  const change = changes[index]
  if (change?.sign !== sign) throw altered()
  return change
}

function usualRow({ path, line, verbatim }: ConfigChange) {
  return verbatim ? line : usualMargin(path) + line
}

// Names a line and never quotes it: it may hold a secret.
function stale(rows: readonly string[], hunks: readonly DrawnHunk[]) {
  const row = firstMismatch(rows, hunks)
  const place = row === undefined ? 'outside the lines that change' : `at line ${row + 1}`
  return new EosflowError('stale', `the configuration is not the one this diff was made from: it differs ${place}`, {
    hint: 'Make the diff again from the configuration as it is now.',
  })
}

function firstMismatch(rows: readonly string[], hunks: readonly DrawnHunk[]) {
  for (const { at, after, remove } of hunks) {
    if (at > 0 && rows[at - 1] !== after) return at - 1
    const offset = remove.findIndex((raw, index) => rows[at + index] !== raw)
    if (offset >= 0) return at + offset
  }
  return undefined
}

function altered() {
  return new EosflowError('stale', 'the diff has been altered since it was made: it does not lead where it says', {
    hint: 'Make the diff again.',
  })
}
