import type { ExecutionView } from './execution-view.ts'
import type { LastVerdict, ViewState } from './view-state.ts'

type Checks = ExecutionView['checks']
type Cell = Checks['rows'][number]['cells'][number]

/** What every check said last, of every switch that changes: a row per switch, a column per check, the neighbours counted. */
export function checksOf({ execution, verdicts }: ViewState): Checks {
  const devices = execution.plan?.waves.flat() ?? []
  const columns = columnsOf(verdicts)
  const all = [...verdicts.values()].flatMap((own) => [...own.values()])
  return {
    round: Math.max(0, ...all.map(({ round }) => round)),
    columns,
    rows: columns.length === 0 ? [] : devices.map((device) => rowOf(device, verdicts.get(device), columns)),
  }
}

/** The checks on the switches themselves, in the order in which they were judged first. */
function columnsOf(verdicts: ViewState['verdicts']): readonly string[] {
  const names = new Set<string>()
  for (const own of verdicts.values()) for (const { check, of } of own.values()) if (of === undefined) names.add(check)
  return [...names]
}

function rowOf(
  device: string,
  own: ReadonlyMap<string, LastVerdict> | undefined,
  columns: readonly string[],
): Checks['rows'][number] {
  const all = [...(own?.values() ?? [])]
  const beside = all.filter(({ of }) => of !== undefined)
  const good = beside.filter(isGood).length
  const byName = new Map(all.flatMap((one) => (one.of === undefined ? [[one.check, one] as const] : [])))
  return {
    device,
    cells: columns.map((check): Cell => {
      const last = byName.get(check)
      return last === undefined ? { status: 'none' } : { status: last.verdict.status, round: last.round }
    }),
    beside: { good, bad: beside.length - good },
  }
}

function isGood({ verdict }: LastVerdict): boolean {
  return verdict.status === 'pass' || verdict.status === 'skip'
}
