import type { RecordApp } from '../../../project/app/app.ts'
import { type Baseline, baselinesOf } from '../../../project/history/executions/baseline.ts'
import { switchEnds } from '../../../project/history/executions/switch-ends.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import type { ConfirmedSource } from '../../../report/drift/drift.ts'
import type { ShownSource } from '../../../report/page/switches.ts'
import { mayReadExecution, sourceFor } from '../request/readable.ts'

export interface SwitchEnd {
  /** That an execution has left it so that nobody knows what it holds, and which one; absent where a later one has settled it. */
  readonly unknown?: { readonly execution?: string }
  readonly confirmed?: { readonly source: ShownSource; readonly since: string }
}

/** Executions and snapshots that the viewer may not see have no name in it. */
export async function endsOfSwitches(
  app: RecordApp,
  caller: SilentCaller,
  names: readonly string[],
): Promise<ReadonlyMap<string, SwitchEnd>> {
  const seen = new Map<string, Promise<boolean>>()
  const mayRead = (id: string) => {
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
  app: RecordApp,
  caller: SilentCaller,
  source: ConfirmedSource,
  mayRead: (id: string) => Promise<boolean>,
): Promise<ShownSource> {
  if (source.kind === 'snapshot') return sourceFor(app, caller, source)
  return (await mayRead(source.id)) ? source : { kind: 'execution' }
}

interface RecordedEnd {
  // The execution that has left it so that nobody knows what it holds; absent where a later one has settled it.
  readonly unknown?: string
  readonly confirmed?: { readonly source: ConfirmedSource; readonly since: string }
}

export async function recordedEnds(
  app: Pick<RecordApp, 'store' | 'clock'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, RecordedEnd>> {
  const ends = await switchEnds(app)
  const baselines = await baselinesOf(app, names)
  return new Map(
    names.map((name) => {
      const newest = ends.get(name)?.newest
      const baseline = baselines.get(name)
      return [
        name,
        {
          ...(newest?.end === 'unknown' ? { unknown: newest.execution } : {}),
          ...(baseline === undefined ? {} : { confirmed: confirmedIn(baseline) }),
        },
      ]
    }),
  )
}

function confirmedIn(baseline: Baseline): NonNullable<RecordedEnd['confirmed']> {
  return 'ending' in baseline
    ? { source: { kind: 'execution', id: baseline.ending.execution }, since: baseline.ending.at }
    : { source: { kind: 'snapshot', name: baseline.snapshot.name }, since: baseline.snapshot.at }
}
