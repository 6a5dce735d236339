import type { App } from '../../app/app.ts'
import { type Baseline, baselinesOf } from '../../app/drift/baseline.ts'
import { switchEnds } from '../../app/execution/switch-ends.ts'
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
