import type { ConfigChange, ConfigDiff, HunkRow, LayoutHunk } from './diff/diff.ts'

/** The diff that leads back: applied to what `diff` leads to, it gives what `diff` was made from. */
export function invertDiff(diff: ConfigDiff): ConfigDiff {
  const changes: ConfigChange[] = []
  const layout: LayoutHunk[] = []
  let next = 0
  for (const { at, to, after, remove, add } of diff.layout) {
    const middle = next + changesIn(remove)
    const end = middle + changesIn(add)
    for (const { sign: _, ...change } of diff.changes.slice(middle, end)) changes.push({ sign: '-', ...change })
    for (const { sign: _, ...change } of diff.changes.slice(next, middle)) changes.push({ sign: '+', ...change })
    layout.push({ at: to, to: at, after, remove: add, add: remove })
    next = end
  }
  return { version: 1, from: diff.to, to: diff.from, changes, layout }
}

function changesIn(rows: readonly HunkRow[]) {
  let count = 0
  for (const row of rows) if (typeof row !== 'string') count += typeof row === 'number' ? row : 1
  return count
}
