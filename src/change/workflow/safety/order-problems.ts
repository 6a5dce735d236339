import type { Problem } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { keptIn } from '../../../model/once.ts'
import {
  endsWell,
  holdsTask,
  isOverSwitches,
  type MapState,
  type ParallelState,
  type State,
  type StateMachine,
  statesIn,
  type TaskState,
  waysOn,
} from '../machine/machine.ts'

interface Progress {
  readonly snapshot: boolean
  readonly plan: 'none' | 'tried' | 'made'
  readonly approved: boolean
  readonly ready: boolean
  readonly change: 'none' | 'armed' | 'verified' | 'confirmed' | 'saved' | 'restored'
  readonly way?: StatePath
}

interface StatePath {
  readonly name: string
  readonly before: StatePath | undefined
  readonly length: number
}

function entering(at: Progress, name: string): Progress {
  return { ...at, way: { name, before: at.way, length: lengthOf(at) + 1 } }
}

function wayTo({ way }: Progress): readonly string[] {
  const names: string[] = []
  for (let one = way; one !== undefined; one = one.before) names.unshift(one.name)
  return names
}

const BEGINNING: Progress = {
  snapshot: false,
  plan: 'none',
  approved: false,
  ready: false,
  change: 'none',
}

function keyOf({ snapshot, plan, approved, ready, change }: Progress): string {
  return [snapshot, plan, approved, ready, change].join(' ')
}

// Each progress once, by its shortest way, the shortest first.
function distinct(points: readonly Progress[]): readonly Progress[] {
  const found = new Map<string, Progress>()
  for (const point of points.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
    if (!found.has(keyOf(point))) found.set(keyOf(point), point)
  }
  return [...found.values()]
}

function lengthOf({ way }: Progress) {
  return way?.length ?? 0
}

function joined(from: Progress, ends: readonly Progress[]): Progress {
  const plans = ends.map(({ plan }) => plan)
  const way = ends.at(-1)?.way ?? from.way
  return {
    snapshot: ends.some(({ snapshot }) => snapshot),
    plan: plans.includes('made') ? 'made' : plans.includes('tried') ? 'tried' : 'none',
    approved: ends.some(({ approved }) => approved),
    ready: ends.some(({ ready }) => ready),
    change: ends.find(({ change }) => change !== from.change)?.change ?? from.change,
    ...definedMembers({ way }),
  }
}

interface OrderFault {
  readonly code: string
  readonly message: string
  readonly hint: string
}

interface Passage {
  readonly done: Progress
  readonly caught: readonly Progress[]
  readonly fault?: OrderFault
}

// `asksApproval`: some state of the machine asks for an approval.
function passTask({ task, effect }: TaskState, at: Progress, asksApproval: boolean): Passage {
  const pass = PASSAGES[task]
  if (pass !== undefined) return pass(at, asksApproval)
  const fault = faultUnless(
    effect === 'read' || at.plan === 'made',
    'write-before-plan',
    `a write to a service can be reached before the plan, and so in a dry run`,
    'move it behind the state with `plan`, or say `Effect: read` if it changes nothing',
  )
  return { done: at, caught: [at], ...fault }
}

type Pass = (at: Progress, asksApproval: boolean) => Passage

const PASSAGES: Readonly<Record<string, Pass>> = {
  snapshot: (at) => ({ done: { ...at, snapshot: true }, caught: [at] }),

  plan: (at) => ({
    done: { ...at, plan: 'made' },
    caught: [{ ...at, plan: 'tried' }],
    ...faultUnless(
      at.snapshot,
      'task-order',
      '`plan` can come before `snapshot`',
      'put a state with `snapshot` before it',
    ),
    ...faultUnless(
      at.plan === 'none',
      'plan-twice',
      'the plan can be made twice: an approval is of one plan',
      'leave loops behind it, and lead no way back to it',
    ),
  }),

  approve: (at) => ({ done: { ...at, approved: true }, caught: [at], ...afterPlan(at, 'approve') }),

  recheck: (at) => ({ done: at, caught: [at], ...afterPlan(at, 'recheck') }),

  push: (at, asksApproval) => ({
    done: { ...at, change: 'armed', ready: false },
    caught: [at, { ...at, change: 'restored', ready: false }],
    ...faultUnless(
      !asksApproval || at.approved,
      'push-unapproved',
      '`push` can be reached without the approval that this machine asks for elsewhere',
      'lead every way to it through the state with `approve`',
    ),
    ...afterPlan(at, 'push'),
    ...faultUnless(
      at.change === 'none',
      'push-twice',
      '`push` can be reached a second time on one switch',
      'lead no way back to it: what failed is put back, and planned anew',
    ),
  }),

  verify: (at) => ({
    done: { ...at, change: 'verified' },
    caught: [{ ...at, change: 'armed' }],
    ...faultUnless(
      at.change === 'armed' || at.change === 'verified',
      'task-order',
      '`verify` can be reached where no switch is under its commit timer',
      'put it behind `push`',
    ),
  }),

  ready: (at) => ({ done: { ...at, ready: at.change === 'verified' }, caught: [at] }),

  confirm: (at) => ({
    done: { ...at, change: 'confirmed' },
    caught: [{ ...at, change: 'restored' }],
    ...faultUnless(
      at.ready,
      'task-order',
      '`confirm` can be reached without `ready`, which asks every switch for its commit timer first',
      'put a state with `ready` before it, outside the Map over the switches',
    ),
    ...faultUnless(
      at.change === 'verified',
      'confirm-unverified',
      '`confirm` can be reached where the change is not verified',
      'lead every way from `push` to it through `verify`, and none to it twice',
    ),
  }),

  save: (at) => ({
    done: { ...at, change: 'saved' },
    caught: [{ ...at, change: 'restored' }],
    ...faultUnless(
      at.change === 'confirmed',
      'task-order',
      '`save` can be reached where the change is not confirmed',
      'put it behind the Map that confirms',
    ),
  }),

  rollback: (at) => ({
    done: { ...at, change: at.change === 'none' ? 'none' : 'restored', ready: false },
    caught: [at],
    ...afterPlan(at, 'rollback'),
  }),
}

function afterPlan(at: Progress, task: string): { readonly fault?: OrderFault } {
  return faultUnless(
    at.plan === 'made',
    'task-order',
    `\`${task}\` can be reached without a plan`,
    `lead every way to it through the state with \`plan\``,
  )
}

function faultUnless(holds: boolean, code: string, message: string, hint: string): { readonly fault?: OrderFault } {
  return holds ? {} : { fault: { code, message, hint } }
}

interface Passed {
  readonly ends: readonly Progress[]
  // It can fail at each of them: before, during and after its work, since its expressions can fail as well.
  readonly points: readonly Progress[]
}

interface PassedState extends Passed {
  readonly caught: readonly Progress[]
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
  const report: Report = (state, at, { code, message, hint }) => {
    const key = `${code} ${state.name}`
    if (found.has(key)) return
    found.set(key, { code, message: `${message}, by way of ${wayTo(at).join(' → ')}`, at: state.at, hint })
  }
  const context: Context = { asksApproval, report, passed: new Map() }
  passMachine(machine, BEGINNING, context, judgeEnds)
  return [...found.values()]
}

type Report = (state: State, at: Progress, fault: OrderFault) => void

interface Context {
  readonly asksApproval: boolean
  readonly report: Report
  // What is known of inner machines, by the progress they begin with: nesting must not multiply the work.
  readonly passed: Map<StateMachine, Map<string, Passed>>
}

function passInner(machine: StateMachine, from: Progress, context: Context): Passed {
  const known = keptIn(context.passed, machine, () => new Map<string, Passed>())
  return keptIn(known, keyOf(from), () => passMachine(machine, from, context))
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
  for (const one of pending) {
    const state = machine.states[one.name]
    const key = `${keyOf(one.at)} ${one.name}`
    if (state === undefined || seen.has(key)) continue
    seen.add(key)
    const passed = passState(state, entering(one.at, state.name), context)
    points.push(...passed.points)
    if (endsWell(state)) {
      ends.push(...passed.ends)
      judge?.(state, passed.ends, context)
    }
    for (const { by, next } of waysOn(state)) {
      const leaving = by === 'catch' ? passed.caught : passed.ends
      pending.push(...leaving.map((at) => ({ name: next, at })))
    }
  }
  return { ends: distinct(ends), points: distinct(points) }
}

function passState(state: State, at: Progress, context: Context): PassedState {
  switch (state.kind) {
    case 'Task': {
      const { done, caught, fault } = passTask(state, at, context.asksApproval)
      if (fault !== undefined) context.report(state, at, fault)
      return { ends: [done], points: distinct([at, done, ...caught]), caught }
    }
    case 'Map':
      return withCaught(state, at, passMap(state, at, context))
    case 'Parallel':
      return withCaught(state, at, passParallel(state, at, context))
    case 'Fail':
      return { ends: [], points: [at], caught: [] }
    default:
      return { ends: [at], points: [at], caught: [] }
  }
}

// What a state has written is taken back before its catcher goes on (ADR 0016).
function withCaught(state: State, at: Progress, passed: Passed): PassedState {
  const writes = holdsTask(state, changesSwitches)
  const caught = passed.points.map((point): Progress => {
    return writes && point.change !== at.change ? { ...point, change: 'restored', ready: false } : point
  })
  return { ...passed, caught: distinct(caught) }
}

const changesSwitches = ({ task }: TaskState) => task === 'push' || task === 'confirm' || task === 'save'

function passMap(state: MapState, at: Progress, context: Context): Passed {
  if (isOverSwitches(state) && at.change === 'restored') return { ends: [at], points: [at] }
  const inner = passInner(state.iterator, at, context)
  judgePartial(state, inner.ends, context)
  const tolerates = state.toleratedFailureCount !== undefined || state.toleratedFailurePercentage !== undefined
  const ends = distinct([...inner.ends, ...(isOverSwitches(state) ? [] : [at]), ...(tolerates ? inner.points : [])])
  return { ends, points: distinct([at, ...inner.points, ...ends]) }
}

function judgePartial(state: MapState, ends: readonly Progress[], { report }: Context) {
  const restored = ends.find(({ change }) => change === 'restored')
  if (restored === undefined || !holdsTask(state, changesSwitches)) return
  report(state, restored, {
    code: 'partial-change',
    message: `an iteration of \`${state.name}\` can end well with its switch put back, while others keep the change`,
    hint: 'end that way with Fail, and catch it at the outermost Map: all switches are confirmed, or none',
  })
}

function passParallel({ branches }: ParallelState, at: Progress, context: Context): Passed {
  const passed = branches.map((branch) => passInner(branch, at, context))
  const ends = passed.reduce<readonly Progress[]>(
    (sofar, branch) => distinct(sofar.flatMap((one) => branch.ends.map((end) => joined(at, [one, end])))),
    [at],
  )
  return { ends, points: distinct([at, ...passed.flatMap(({ points }) => points), ...ends]) }
}

function judgeEnds(state: State, ends: readonly Progress[], { report }: Context) {
  for (const end of ends) {
    const fault = faultOfEnd(state, end)
    if (fault !== undefined) report(state, end, fault)
  }
}

function faultOfEnd({ name }: State, { change }: Progress): OrderFault | undefined {
  if (change === 'confirmed') {
    return {
      code: 'ends-unsaved',
      message: `the machine can end well at \`${name}\` with a switch whose change is not saved, which its next boot would then lose`,
      hint: 'lead this way through `save`, in a Map behind the one that confirms',
    }
  }
  if (change !== 'armed' && change !== 'verified') return undefined
  const what = change === 'armed' ? 'whose change is not verified' : 'whose change is not confirmed'
  return {
    code: 'ends-unconfirmed',
    message: `the machine can end well at \`${name}\` with a switch ${what}, which its commit timer would then put back`,
    hint: 'lead this way through `verify`, `ready`, `confirm` and `save`, or end it with Fail',
  }
}
