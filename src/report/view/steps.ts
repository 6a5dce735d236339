import { isStoppedTooLate } from '../../change/engine/outcome.ts'
import { childPath } from '../../change/engine/scope-path.ts'
import type { ExecutionState, ScopeState } from '../../change/engine/state.ts'
import type { State, StateMachine } from '../../change/workflow/machine/machine.ts'
import { machinesIn, waysOn } from '../../change/workflow/machine/walk.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { graphOf } from '../graph/graph.ts'
import type { ExecutionView } from './execution-view.ts'
import { placeOfState, type ViewState } from './view-state.ts'

type Step = ExecutionView['steps'][number]
type StateRow = ExecutionView['states'][number]

// What the states that `steps:` become are called for a reader.
const LABELS: Readonly<Record<string, string>> = {
  CheckBase: 'Base unchanged',
  RollOutWaves: 'Roll out',
  CheckReady: 'All ready',
  ConfirmAll: 'Confirm',
  SaveAll: 'Save',
  DivideSites: 'Divide',
  BeginSites: 'Begin each site',
  PlanSites: 'Plan',
  ReleasePush: 'Let push',
  ReleaseConfirm: 'Let confirm',
  ReleaseSave: 'Let save',
  EndSites: 'Ends of the sites',
}

export function labelOf(state: string): string {
  return LABELS[state] ?? state
}

/** The states of a machine in their order, where there is only one way through it; undefined where there are several. */
export function rowOfStates(machine: StateMachine): readonly State[] | undefined {
  const row: State[] = []
  for (let name: string | undefined = machine.startAt; name !== undefined; ) {
    const state = machine.states[name]
    if (state === undefined || row.includes(state)) return undefined
    row.push(state)
    const ways = waysOn(state)
    if (ways.length > 1) return undefined
    name = ways[0]?.next
  }
  return row.length === Object.keys(machine.states).length ? row : undefined
}

export function stepsOf(view: ViewState): readonly Step[] {
  const { execution } = view
  const row = rowOfStates(execution.machine)
  if (row === undefined || execution.status === 'new') return []
  const root = execution.scopes.get('')
  const at = row.findIndex(({ name }) => name === root?.state)
  const steps = row.map((state, index): Step => {
    const standing = standingAt(execution, root, index - at)
    const note = standing === 'now' ? noteOf(view, state) : undefined
    return {
      state: state.name,
      label: labelOf(state.name),
      standing,
      ...definedMembers({ note }),
    }
  })
  return [...steps, ...stepBack(view)]
}

function standingAt(execution: ExecutionState, root: ScopeState | undefined, behind: number): Step['standing'] {
  const { status, outcome } = execution
  if (isStoppedTooLate(execution) && outcome === 'succeeded') return 'done'
  const isFailed = isGoingBack(execution)
  const isOver = status === 'ended' || isFailed
  if (root?.state === undefined) return isOver ? 'skipped' : 'ahead'
  if (behind < 0) return 'done'
  if (behind > 0) return isOver ? 'skipped' : 'ahead'
  if (root.result === 'done' || root.phase === 'left') return 'done'
  if (isFailed) return 'failed'
  // A dry run, and a plan that changes nothing, end behind the plan.
  return outcome === undefined ? 'now' : 'done'
}

function isGoingBack(execution: ExecutionState) {
  return execution.compensation !== undefined && !(isStoppedTooLate(execution) && execution.status === 'compensating')
}

function noteOf({ execution }: ViewState, state: State) {
  const { plan, scopes } = execution
  if (state.kind !== 'Map') return undefined
  const { children } = scopes.get('') ?? {}
  if (children === undefined) return undefined
  const at = Math.min(children.ended + 1, children.items.length)
  if (state.items.from !== 'waves') return `${children.ended} of ${children.items.length}`
  const first = children.items[at - 1]
  const name = Array.isArray(first) ? String(first[0]) : ''
  const number = (plan?.waves ?? []).findIndex((wave) => wave.includes(name)) + 1
  return `wave ${number === 0 ? at : number} of ${plan?.waves.length ?? children.items.length}`
}

function stepBack({ execution, lanes }: ViewState): readonly Step[] {
  const { compensation, ends, outcome, status } = execution
  if (isStoppedTooLate(execution) && (outcome === 'succeeded' || status !== 'ended')) return []
  if (compensation === undefined) return []
  const back = [...ends.values()].filter(({ end }) => end === 'reverted').length
  const isGoingBack = [...lanes.values()].some(({ isGoingBack: is }) => is)
  if (back === 0 && !isGoingBack && ends.isEmpty()) return []
  const unknown = [...ends.values()].some(({ end }) => end === 'unknown')
  return [{ state: '', label: 'Put back', standing: unknown ? 'failed' : 'undo' }]
}

/** Every state of a machine with more than one way through it, those inside a Map or Parallel behind it. */
export function statesOf(view: ViewState): readonly StateRow[] {
  const { execution } = view
  if (execution.status === 'new' || rowOfStates(execution.machine) !== undefined) return []
  const open = new Set(
    [...execution.scopes].flatMap(([path, { state, result, phase }]) =>
      state === undefined || result !== 'open' || phase === 'left' ? [] : [placeOfState(path, state)],
    ),
  )
  return rowsIn(execution.machine, '', (place) => {
    const visits = view.visits.get(place) ?? { entered: 0, done: 0, failed: 0, caught: 0 }
    const isOver = execution.status === 'ended' || execution.compensation !== undefined
    const now = !isOver && open.has(place)
    if (now) return { standing: 'now', visits: visits.entered }
    if (visits.failed > 0) return { standing: 'failed', visits: visits.entered }
    if (visits.caught > 0) return { standing: 'caught', visits: visits.entered }
    if (visits.entered > 0) return { standing: 'done', visits: visits.entered }
    return { standing: isOver ? 'skipped' : 'ahead', visits: 0 }
  })
}

export function waysOf({ execution: { machine, status } }: ViewState): ExecutionView['ways'] {
  if (status === 'new' || rowOfStates(machine) !== undefined) return []
  const { nodes, edges } = graphOf(machine, '')
  const names = new Map(nodes.map(({ id, state }) => [id, state.name]))
  return edges.map(({ from, to, label, caught }) => ({
    from: names.get(from) ?? '',
    to: names.get(to) ?? '',
    label,
    isCaught: caught,
  }))
}

function rowsIn(
  machine: StateMachine,
  around: string,
  standingOf: (place: string) => Pick<StateRow, 'standing' | 'visits'>,
): readonly StateRow[] {
  return inOrder(machine).flatMap((state) => {
    const place = placeOfState(around, state.name)
    return [
      { place, state: state.name, ...standingOf(place) },
      ...machinesIn(state).flatMap((inner) => rowsIn(inner, childPath(around, state.name, 0), standingOf)),
    ]
  })
}

function inOrder(machine: StateMachine): readonly State[] {
  const names = new Set([machine.startAt])
  for (const name of names) {
    const state = machine.states[name]
    if (state !== undefined) for (const { next } of waysOn(state)) names.add(next)
  }
  return [...names].flatMap((name) => machine.states[name] ?? [])
}
