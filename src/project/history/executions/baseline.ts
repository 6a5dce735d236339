import type { EventOf } from '../../../change/record/event/event.ts'
import type { SwitchEnding } from '../../../change/record/noted-ends.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { switchEnds } from './switch-ends.ts'

type Snapshot = EventOf<'SnapshotTaken'>

export type Baseline = { readonly ending: SwitchEnding } | { readonly snapshot: Snapshot }

export async function baselinesOf(
  app: Pick<ProjectStore, 'store' | 'clock'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, Baseline>> {
  const ends = await switchEnds(app)
  const kept = newestSnapshots(await app.store.snapshots())
  return new Map(
    names.flatMap((name): readonly (readonly [string, Baseline])[] => {
      const ending = ends.get(name)?.changed
      if (ending !== undefined) return [[name, { ending }]]
      const snapshot = kept.get(name)
      return snapshot === undefined ? [] : [[name, { snapshot }]]
    }),
  )
}

function newestSnapshots(newestFirst: readonly Snapshot[]): ReadonlyMap<string, Snapshot> {
  const newest = new Map<string, Snapshot>()
  for (const snapshot of newestFirst) {
    for (const name of snapshot.baseline) if (!newest.has(name)) newest.set(name, snapshot)
  }
  return newest
}
