import type { App } from '../../app/app.ts'
import type { Asking } from '../../app/caller.ts'
import type { ExecutionSummary } from '../../journal/store.ts'
import type { ConfirmedSource } from '../../report/drift/drift.ts'
import type { ShownSource } from '../../report/page/switches.ts'
import { mayReadExecution, sourceFor } from '../readable.ts'

/** What the ends of executions and the snapshots say of a switch. No switch is asked. */
export interface SwitchEnd {
  /** That an execution has left it so that nobody knows what it holds, and which one; absent where a later one has settled it. */
  readonly unknown?: { readonly execution?: string }
  readonly confirmed?: { readonly source: ShownSource; readonly since: string }
}

/** The same, whoever asks. */
interface RecordedEnd {
  readonly unknown?: string
  readonly confirmed?: { readonly source: ConfirmedSource; readonly since: string }
}

/** What is on record of these switches, by name. Executions and snapshots that the viewer may not see have no name in it. */
export async function endsOfSwitches(
  app: App,
  caller: Asking,
  names: readonly string[],
): Promise<ReadonlyMap<string, SwitchEnd>> {
  const seen = new Map<string, Promise<boolean>>()
  const mayRead = (id: string): Promise<boolean> => {
    const known = seen.get(id) ?? mayReadExecution(app, caller, id)
    seen.set(id, known)
    return known
  }
  const shown = async ({ unknown, confirmed }: RecordedEnd): Promise<SwitchEnd> => ({
    ...(unknown === undefined ? {} : { unknown: (await mayRead(unknown)) ? { execution: unknown } : {} }),
    ...(confirmed === undefined
      ? {}
      : { confirmed: { ...confirmed, source: await shownSource(app, caller, confirmed.source, mayRead) } }),
  })
  const recorded = [...(await recordedEnds(app, names))]
  return new Map(await Promise.all(recorded.map(async ([name, end]) => [name, await shown(end)] as const)))
}

async function shownSource(
  app: App,
  caller: Asking,
  source: ConfirmedSource,
  mayRead: (id: string) => Promise<boolean>,
): Promise<ShownSource> {
  if (source.kind === 'snapshot') return sourceFor(app, caller, source)
  return (await mayRead(source.id)) ? source : { kind: 'execution' }
}

async function recordedEnds(
  { store }: Pick<App, 'store'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, RecordedEnd>> {
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
