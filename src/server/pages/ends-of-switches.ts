import type { App } from '../../app/app.ts'
import type { ExecutionSummary } from '../../journal/store.ts'
import type { ConfirmedSource } from '../../report/drift/drift.ts'

/** What the ends of executions and the snapshots say of a switch. No switch is asked. */
export interface SwitchEnd {
  /** The execution that has left it so that nobody knows what it holds; absent where a later one has settled it. */
  readonly unknown?: string
  readonly confirmed?: { readonly source: ConfirmedSource; readonly since: string }
}

/** What is on record of these switches, by name. */
export async function endsOfSwitches(
  { store }: Pick<App, 'store'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, SwitchEnd>> {
  const ended = (await store.executions()).toSorted((a, b) => Date.parse(b.last.at) - Date.parse(a.last.at))
  const snapshots = await store.snapshots()
  return new Map(
    names.map((name) => {
      const unknown = newestEnd(ended, name)
      const change = ended.find(({ last }) => endOf(last, name) === 'changed')
      const kept = snapshots.find(({ devices }) => devices.includes(name))
      const confirmed =
        change === undefined
          ? kept && { source: { kind: 'snapshot', name: kept.name } as const, since: kept.at }
          : { source: { kind: 'execution', id: change.id } as const, since: change.last.at }
      return [
        name,
        { ...(unknown === undefined ? {} : { unknown }), ...(confirmed === undefined ? {} : { confirmed }) },
      ]
    }),
  )
}

/** The execution that has left a switch unknown, unless a later one has touched it. */
function newestEnd(ended: readonly ExecutionSummary[], name: string): string | undefined {
  const newest = ended.find(({ last }) => ['unknown', 'changed', 'reverted'].includes(endOf(last, name) ?? ''))
  return newest !== undefined && endOf(newest.last, name) === 'unknown' ? newest.id : undefined
}

function endOf(last: ExecutionSummary['last'], name: string): string | undefined {
  return last.type === 'ExecutionEnded' ? last.devices[name] : undefined
}
