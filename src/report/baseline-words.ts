import type { ConfirmedSource } from './drift/drift.ts'
import { namedSwitches } from './page/html.ts'
import { count, present, visibleLine } from './text/text.ts'

export interface EarlierBaseline {
  readonly name: string
  readonly source?: ConfirmedSource
}

interface SnapshotMoves {
  readonly baseline: readonly string[]
  readonly still: readonly EarlierBaseline[]
}

const MOST = 3

/** What a snapshot is compared with from now on, in a clause: `the baseline of leaf1; that of leaf2 is still execution x1`. */
export function baselineWords({ baseline, still }: SnapshotMoves): string {
  const groups = [...new Set(still.map(sourceOf))].map((source) => {
    const those = still.filter((one) => sourceOf(one) === source)
    const names = namedSwitches(those.map(({ name }) => name))
    return source === ''
      ? `${names} ${those.length === 1 ? 'has' : 'have'} none`
      : `that of ${names} is still ${source}`
  })
  const more = groups.length - MOST
  const shown = more > 0 ? [...groups.slice(0, MOST), `and ${count(more, 'other', 'others')}`] : groups
  return [baseline.length === 0 ? 'no baseline' : `the baseline of ${namedSwitches(baseline)}`, ...shown].join('; ')
}

function sourceOf({ source }: EarlierBaseline) {
  if (source === undefined) return ''
  return source.kind === 'execution' ? `execution ${source.id}` : `snapshot ${source.name}`
}

/** What a reader has to know of a snapshot that was taken, each on a line that ends; empty where it did all that a snapshot can do. */
export function snapshotNotes(taken: SnapshotMoves & { readonly denied: readonly string[] }): string {
  return present(
    taken.still.length > 0 && `Kept: ${baselineWords(taken)}`,
    taken.denied.map((why) => `Kept: ${why}`),
  )
    .map((note) => `${visibleLine(note)}\n`)
    .join('')
}

export function movedWords({
  baseline,
  notices,
}: {
  readonly baseline: readonly string[]
  readonly notices: readonly string[]
}): string {
  const moved = baseline.length === 0 ? 'moves no baseline' : `baseline of ${namedSwitches(baseline)}`
  return notices.length === 0 ? `${moved}, ends no notice` : moved
}
