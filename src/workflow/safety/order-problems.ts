import type { Problem } from '../../model/problem.ts'
import type { MapState, ParallelState, State, StateMachine } from '../machine.ts'
import { isOverSwitches, statesIn, waysOn } from '../walk.ts'
import { BEGINNING, distinct, joined, keyOf, type Progress } from './progress.ts'
import { type OrderFault, passTask } from './task-order.ts'

/** Where a machine, or a state, can be when it has ended well, and every point on the way there. */
interface Passed {
  readonly ends: readonly Progress[]
  /** It can fail at each of them: before, during and after its work, since its expressions can fail as well. */
  readonly points: readonly Progress[]
}

/**
 * What is wrong with the order of tasks on any way through a machine, Choices and catchers included: a push without plan
 * or approval, a confirm of what was not verified, a second plan, and a good end that leaves a switch under its commit
 * timer, which would then take the change back. The machine is walked with the progress of one switch; every switch
 * goes once through a Map over switches, so what holds for one holds for all.
 */
export function orderProblems(machine: StateMachine): readonly Problem[] {
  const asksApproval = statesIn(machine).some(({ state }) => state.kind === 'Task' && state.task === 'approve')
  const found = new Map<string, Problem>()
  const report: Report = (state, { way }, { code, message, hint }) => {
    const key = `${code} ${state.name}`
    if (found.has(key)) return
    found.set(key, { code, message: `${message}, by way of ${way.join(' → ')}`, at: state.at, hint })
  }
  const context: Context = { asksApproval, report }
  passMachine(machine, BEGINNING, context, judgeEnds)
  return [...found.values()]
}

type Report = (state: State, at: Progress, fault: OrderFault) => void

interface Context {
  readonly asksApproval: boolean
  readonly report: Report
}

function passMachine(
  machine: StateMachine,
  from: Progress,
  context: Context,
  judge: typeof judgeEnds | undefined = undefined,
): Passed {
  const ends: Progress[] = []
  const points: Progress[] = []
  const seen = new Set<string>()
  const pending: { readonly name: string; readonly at: Progress }[] = [{ name: machine.startAt, at: from }]
  for (let one = pending.shift(); one !== undefined; one = pending.shift()) {
    const state = machine.states[one.name]
    const key = `${keyOf(one.at)} ${one.name}`
    if (state === undefined || seen.has(key)) continue
    seen.add(key)
    const passed = passState(state, { ...one.at, way: [...one.at.way, state.name] }, context)
    points.push(...passed.points)
    if (endsWell(state)) {
      ends.push(...passed.ends)
      judge?.(state, passed.ends, context)
    }
    for (const { by, next } of waysOn(state)) {
      const leaving = by === 'catch' ? passed.points : passed.ends
      pending.push(...leaving.map((at) => ({ name: next, at })))
    }
  }
  return { ends: distinct(ends), points: distinct(points) }
}

function passState(state: State, at: Progress, context: Context): Passed {
  switch (state.kind) {
    case 'Task': {
      const { done, failed, fault } = passTask(state, at, context.asksApproval)
      if (fault !== undefined) context.report(state, at, fault)
      return { ends: [done], points: distinct([...failed, done]) }
    }
    case 'Map':
      return passMap(state, at, context)
    case 'Parallel':
      return passParallel(state, at, context)
    case 'Fail':
      return { ends: [], points: [at] }
    default:
      return { ends: [at], points: [at] }
  }
}

/** A Map over data may have no item at all; one over switches goes over every switch that changes. */
function passMap(state: MapState, at: Progress, context: Context): Passed {
  const inner = passMachine(state.iterator, at, context)
  const tolerates = state.toleratedFailureCount !== undefined || state.toleratedFailurePercentage !== undefined
  const ends = distinct([...inner.ends, ...(isOverSwitches(state) ? [] : [at]), ...(tolerates ? inner.points : [])])
  return { ends, points: distinct([at, ...inner.points, ...ends]) }
}

function passParallel({ branches }: ParallelState, at: Progress, context: Context): Passed {
  const passed = branches.map((branch) => passMachine(branch, at, context))
  const ends = passed.reduce<readonly Progress[]>(
    (sofar, branch) => distinct(sofar.flatMap((one) => branch.ends.map((end) => joined(at, [one, end])))),
    [at],
  )
  return { ends, points: distinct([at, ...passed.flatMap(({ points }) => points), ...ends]) }
}

function endsWell(state: State): boolean {
  if (state.kind === 'Succeed') return true
  return state.kind !== 'Fail' && state.kind !== 'Choice' && state.next === undefined
}

function judgeEnds(state: State, ends: readonly Progress[], { report }: Context): void {
  const left = ends.find(({ change }) => change === 'armed' || change === 'verified')
  if (left === undefined) return
  const what = left.change === 'armed' ? 'whose change is not verified' : 'whose change is not confirmed'
  report(state, left, {
    code: 'ends-unconfirmed',
    message: `the machine can end well at \`${state.name}\` with a switch ${what}, which its commit timer would then take back`,
    hint: 'lead this way through `verify`, `ready` and `confirm`, or end it with Fail',
  })
}
