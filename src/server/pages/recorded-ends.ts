import type { App } from '../../app/app.ts'
import { switchEnds } from '../../app/switch-ends.ts'
import type { ConfirmedSource } from '../../report/drift/drift.ts'

/** What the ends of executions and the snapshots say of a switch. No switch is asked. */
export interface RecordedEnd {
  /** The execution that has left it so that nobody knows what it holds; absent where a later one has settled it. */
  readonly unknown?: string
  readonly confirmed?: { readonly source: ConfirmedSource; readonly since: string }
}

/** What is on record of these switches, by name. */
export async function recordedEnds(
  app: Pick<App, 'store' | 'clock'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, RecordedEnd>> {
  const ends = await switchEnds(app)
  const snapshots = await app.store.snapshots()
  return new Map(
    names.map((name) => {
      const { newest, changed } = ends.get(name) ?? {}
      const kept = changed === undefined ? snapshots.find(({ devices }) => devices.includes(name)) : undefined
      const confirmed =
        changed === undefined
          ? kept && { source: { kind: 'snapshot', name: kept.name } as const, since: kept.at }
          : { source: { kind: 'execution', id: changed.execution } as const, since: changed.at }
      return [
        name,
        {
          ...(newest?.end === 'unknown' ? { unknown: newest.execution } : {}),
          ...(confirmed === undefined ? {} : { confirmed }),
        },
      ]
    }),
  )
}
