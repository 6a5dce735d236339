import type {
  Catcher,
  Flow,
  MapState,
  Retrier,
  Source,
  State,
  StateMachine,
  TaskState,
} from '../../../src/change/workflow/machine/machine.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import type { Random } from '../../../src/model/clock.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'

/** A flow of JSONata. */
export type JsonataFlow = Extract<Flow, { language: 'jsonata' }>

/** Where every state of a random machine is said to stand. */
export const at = { file: 'random.yaml', line: 1, column: 1 } as const

/** A flow of JSONata with these members. */
export function jsonata(members: Omit<JsonataFlow, 'language'> = {}): JsonataFlow {
  return { language: 'jsonata', ...members }
}

/** A value as it is. */
export function literal(value: Json): Extract<Source, { from: 'literal' }> {
  return { from: 'literal', value }
}

/** Choices that a seed repeats. */
export interface Draw {
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T
}

/** Choices drawn from a source of randomness. */
export function drawFrom(random: Random): Draw {
  const between = (low: number, high: number) => low + Math.floor(random.fraction() * (high - low + 1))
  return {
    between,
    chance: (probability) => random.fraction() < probability,
    pick: (list) => list[between(0, list.length - 1)] ?? list[0],
  }
}

/** Choices that depend on nothing but a seed and a text: the same whoever asks, in whatever order. */
export function drawOf(seed: number, text: string): Draw {
  return drawFrom(new SeededRandom(hashOf(`${seed}/${text}`)))
}

/** The 32 bit FNV-1a hash of a text. */
function hashOf(text: string) {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/**
 * The states that change switches: a plan, wave by wave a push and a verification of each switch, and a confirm of all, of
 * a wave or of each switch by itself. A failing switch is tolerated, caught or neither.
 */
export function rollOut(draw: Draw, fresh: () => string): readonly State[] {
  const [plan, waves, confirmAll] = [fresh(), fresh(), fresh()]
  const atomic = draw.pick(['change', 'change', 'wave', 'device'])
  const extra = draw.chance(0.4) ? [undoable(fresh())] : []
  const push: TaskState = { ...task(fresh(), 'push'), effect: 'write', undo: { by: 'rollback' } }
  const verify: TaskState = { ...task(fresh(), 'verify'), retry: draw.chance(0.5) ? retriers(draw) : [] }
  const confirm: TaskState = { ...task(fresh(), 'confirm'), effect: 'write', undo: { by: 'rollback' } }
  const ordered = draw.chance(0.5) ? [...extra, push, verify] : [push, verify, ...extra]
  const body = chained(atomic === 'device' ? [...ordered, confirm] : ordered)
  const tolerant = draw.chance(0.4) ? { toleratedFailureCount: toleranceOf(draw) } : {}
  const each: MapState = {
    ...over(fresh(), 'wave', body, draw.between(0, 2)),
    ...tolerant,
    ...settling(atomic === 'device'),
  }
  const ofWave = atomic === 'wave' ? [each, over(fresh(), 'wave', chained([confirm]), draw.between(0, 2))] : [each]
  const handling = catchersFor({ draw, fresh }, jsonata(), confirmAll)
  const last: State =
    atomic === 'change'
      ? over(confirmAll, 'targets', chained([confirm]), draw.between(0, 2))
      : { kind: 'Pass', name: confirmAll, at, flow: jsonata() }
  return [
    { ...task(plan, 'plan'), effect: 'write', next: waves },
    {
      ...over(waves, 'waves', chained(ofWave), 1),
      ...settling(atomic === 'wave'),
      next: confirmAll,
      catch: handling.catch,
    },
    ...handling.states,
    last,
  ]
}

function settling(does: boolean): { readonly settles?: true } {
  return does ? { settles: true } : {}
}

/** So many failures of a wave, or of the whole rollout. */
function toleranceOf(draw: Draw): NonNullable<MapState['toleratedFailureCount']> {
  const failures = draw.between(1, 2)
  return draw.chance(0.5) ? literal(failures) : { from: 'budget', failures }
}

function over(name: string, from: 'waves' | 'wave' | 'targets', iterator: StateMachine, most: number): MapState {
  return {
    kind: 'Map',
    name,
    at,
    flow: jsonata(),
    items: { from },
    maxConcurrency: literal(most),
    iterator,
    retry: [],
    catch: [],
  }
}

function task(name: string, called: string): TaskState {
  return {
    kind: 'Task',
    name,
    at,
    flow: jsonata({ arguments: {} }),
    task: called,
    scope: 'task.push',
    effect: 'read',
    undo: { by: 'none' },
    token: false,
    retry: [],
    catch: [],
  }
}

function undoable(name: string): TaskState {
  return {
    ...task(name, 'fake.write'),
    flow: jsonata({ arguments: { n: 1, at: [] } }),
    effect: 'write',
    undo: { by: 'task', task: 'fake.undo', arguments: {} },
  }
}

function chained(states: readonly (TaskState | MapState)[]): StateMachine {
  const linked = states.map((state, index) => {
    const next = states[index + 1]?.name
    return next === undefined ? state : { ...state, next }
  })
  return {
    version: 3,
    startAt: linked[0]?.name ?? '',
    states: Object.fromEntries(linked.map((state) => [state.name, state])),
  }
}

/** Where states are being made. */
interface Site {
  readonly draw: Draw
  readonly fresh: () => string
  /** How many Maps and Parallels are around. */
  readonly depth: number
  /** A Retry of a Map or Parallel would do the writes in it again. */
  readonly mayWrite: boolean
  /** Variables with a value here, of the scopes around and of this one; all are numbers. */
  readonly outer: readonly string[]
  readonly own: string[]
  /** How many more states there may be in the whole machine. */
  readonly room: { left: number }
}

/** What the input of any state counts: inputs are objects with an `n`, or lists, or scalars. */
const N = '($type($states.input) = "object" and $exists($states.input.n) ? $states.input.n : 1)'

/** An output that counts, or none; and sometimes a variable, new or not. */
function flowOf(site: Site, n = N): JsonataFlow {
  const { draw, own } = site
  const output = draw.chance(0.75) ? { output: { n: `{% ${n} %}` } } : {}
  if (!draw.chance(0.3)) return jsonata(output)
  const known = own.find((name) => !name.startsWith('i'))
  const variable = known !== undefined && draw.chance(0.5) ? known : `v${site.fresh()}`
  const value = `{% ${numberIn(site)} + 1 %}`
  if (!own.includes(variable)) own.push(variable)
  return jsonata({ ...output, assign: { [variable]: value } })
}

/** A visible variable, or a number. */
function numberIn({ draw, outer, own }: Site) {
  const [first, ...others] = [...outer, ...own]
  return first === undefined || draw.chance(0.3) ? String(draw.between(0, 3)) : `$${draw.pick([first, ...others])}`
}

/** A number, literal or computed. */
function numberSource({ draw }: Site, value: number): Source {
  return draw.chance(0.7) ? literal(value) : { from: 'template', value: `{% ${value} + 0 %}` }
}

/** The switches that the executions of random machines select. */
export const SWITCHES = ['s1', 's2', 's3'] as const

/** A machine of version 3 that a seed repeats: every kind of state, nested at most three deep, and every loop ends. */
export function randomMachine(seed: number): StateMachine {
  const draw = drawOf(seed, 'machine')
  let named = 0
  const site: Site = {
    draw,
    fresh: () => `S${++named}`,
    depth: 0,
    mayWrite: true,
    outer: [],
    own: [],
    room: { left: draw.pick([4, 8, 24]) },
  }
  const changes = draw.chance(0.3)
  const machine = machineOf(site, changes ? rollOut(draw, site.fresh) : [])
  return draw.chance(0.1) ? { ...machine, timeoutSeconds: draw.between(20, 600) } : machine
}

type Segment = (site: Site, start: string, next: string) => readonly State[]

const DEEPEST = 3
const SEGMENTS: readonly [Segment, ...Segment[]] = [
  read,
  read,
  read,
  write,
  write,
  ask,
  pass,
  pass,
  wait,
  choice,
  loop,
  loop,
]
const DEEP: readonly [Segment, ...Segment[]] = [...SEGMENTS, map, map, map, parallel, parallel]

function machineOf(site: Site, before: readonly State[] = []): StateMachine {
  const { draw, depth, fresh } = site
  const count = draw.between(1, depth === 0 ? 4 : 3)
  const starts = Array.from({ length: count }, fresh)
  const end = fresh()
  const body = starts.flatMap((start, index) => {
    const next = starts[index + 1] ?? end
    // What runs side by side begins with something that takes its own time, so that no two of them end at once.
    if (index === 0 && depth > 0) return read(site, start, next)
    return draw.pick(depth < DEEPEST && site.room.left > 0 ? DEEP : SEGMENTS)(site, start, next)
  })
  site.room.left -= body.length
  const states = [...linkedTo(before, starts[0] ?? end), ...body, ending(site, end)]
  return {
    version: 3,
    startAt: states[0]?.name ?? end,
    states: Object.fromEntries(states.map((state) => [state.name, state])),
  }
}

/** The last of some states leads on. */
function linkedTo(states: readonly State[], next: string): readonly State[] {
  return states.map((state, index) => (index === states.length - 1 ? ({ ...state, next } as State) : state))
}

function ending({ draw, depth }: Site, name: string): State {
  if (draw.chance(depth === 0 ? 0.08 : 0.1)) {
    return { kind: 'Fail', name, at, flow: jsonata({}), error: literal(draw.pick(ERRORS)), cause: literal('drawn') }
  }
  return draw.chance(0.6)
    ? { kind: 'Succeed', name, at, flow: jsonata({}) }
    : { kind: 'Pass', name, at, flow: jsonata({ output: { n: `{% ${N} %}` } }) }
}

function read(site: Site, name: string, next: string): readonly State[] {
  const { task: plain, states } = taskOf(site, name, next, 'fake.read')
  const limited = site.draw.chance(0.25)
  const task: TaskState = {
    ...plain,
    ...(limited ? { timeoutSeconds: numberSource(site, site.draw.between(1, 400)) } : {}),
  }
  return [task, ...states]
}

function write(site: Site, name: string, next: string): readonly State[] {
  if (!site.mayWrite) return read(site, name, next)
  const { draw } = site
  const { task: plain, states } = taskOf(site, name, next, 'fake.write')
  const undo: TaskState['undo'] = draw.chance(0.85)
    ? {
        by: 'task',
        task: 'fake.undo',
        arguments: { undoes: '{% $states.input %}', gave: '{% $exists($states.result) ? $states.result : 0 %}' },
      }
    : { by: 'none' }
  const task: TaskState = {
    ...plain,
    effect: draw.chance(0.9) ? 'write' : 'irreversible',
    undo,
    ...(draw.chance(0.2) ? { timeoutSeconds: literal(draw.between(1, 400)) } : {}),
  }
  return [task, ...states]
}

function ask(site: Site, name: string, next: string): readonly State[] {
  const { draw } = site
  const { task: plain, states } = taskOf(site, name, next, 'fake.ask')
  const task: TaskState = {
    ...plain,
    token: true,
    timeoutSeconds: literal(draw.between(100, 900)),
    ...(draw.chance(0.4) ? { heartbeatSeconds: literal(draw.between(20, 99)) } : {}),
  }
  return [task, ...states]
}

function pass(site: Site, name: string, next: string): readonly State[] {
  const bad = site.draw.chance(0.03)
  return [{ kind: 'Pass', name, at, next, flow: flowOf(site, bad ? '$states.input.nothing.there' : `${N} + 1`) }]
}

function wait(site: Site, name: string, next: string): readonly State[] {
  const { draw } = site
  const timestamp = new Date(Date.UTC(2026, 0, 5, 8, draw.between(0, 30))).toISOString()
  const until = draw.chance(0.2) && site.depth === 0 ? { timestamp: literal(timestamp) } : undefined
  return [
    {
      kind: 'Wait',
      name,
      at,
      next,
      flow: flowOf(site),
      ...(until ?? { seconds: numberSource(site, draw.between(0, 90)) }),
    },
  ]
}

function choice(site: Site, name: string, next: string): readonly State[] {
  const { draw, fresh } = site
  const arm = fresh()
  const condition = draw.chance(0.5) ? `${N} % 2 = 0` : `${numberIn(site)} < ${draw.between(0, 5)}`
  const assign = site.own[0] === undefined ? {} : { assign: { [site.own[0]]: `{% $${site.own[0]} + 1 %}` } }
  const hasDefault = draw.chance(0.95)
  return [
    {
      kind: 'Choice',
      name,
      at,
      flow: jsonata({ output: { n: `{% ${N} %}` } }),
      choices: [{ when: { language: 'jsonata', condition: `{% ${condition} %}` }, next: arm, flow: jsonata(assign) }],
      ...(hasDefault ? { default: next } : {}),
    },
    ...draw.pick([read, write, pass])({ ...site, own: [...site.own] }, arm, next),
  ]
}

/** A body that is gone through two or three times, counted by a variable of its own. */
function loop(site: Site, name: string, next: string): readonly State[] {
  const { draw, fresh } = site
  const [body, step, again, counter] = [fresh(), fresh(), fresh(), `i${fresh()}`]
  site.own.push(counter)
  const inner =
    site.depth < DEEPEST && site.room.left > 0
      ? ([read, write, ask, map, map, parallel] as const)
      : ([read, write] as const)
  return [
    { kind: 'Pass', name, at, next: body, flow: jsonata({ assign: { [counter]: 0 } }) },
    ...draw.pick<Segment>(inner)(site, body, step),
    { kind: 'Pass', name: step, at, next: again, flow: jsonata({ assign: { [counter]: `{% $${counter} + 1 %}` } }) },
    {
      kind: 'Choice',
      name: again,
      at,
      flow: jsonata({}),
      choices: [
        {
          when: { language: 'jsonata', condition: `{% $${counter} < ${draw.between(2, 3)} %}` },
          next: body,
          flow: jsonata({}),
        },
      ],
      default: next,
    },
  ]
}

function map(site: Site, name: string, next: string): readonly State[] {
  const { draw } = site
  const retry = draw.chance(0.3) ? retriers(draw) : []
  const items = Array.from({ length: draw.between(0, 3) }, () => draw.between(0, 9))
  const computed: Source = { from: 'template', value: `{% [${[...items, numberIn(site)].join(', ')}] %}` }
  const source = draw.chance(0.5) ? literal(items) : computed
  const iterator = machineOf(within(site, retry.length > 0))
  const flow = flowOf(site, '$count($states.result)')
  const handling = catchersFor(site, flow, next)
  return [
    {
      kind: 'Map',
      name,
      at,
      next,
      flow,
      items: source,
      ...(draw.chance(0.5) ? { selector: { n: '{% $states.context.Map.Item.Value %}', of: `{% ${N} %}` } } : {}),
      maxConcurrency: draw.chance(0.8) ? literal(draw.between(0, 2)) : { from: 'template', value: '{% 1 + 1 %}' },
      ...toleranceOfDrawn(draw),
      iterator,
      retry,
      catch: handling.catch,
    },
    ...handling.states,
  ]
}

function toleranceOfDrawn(draw: Draw): { toleratedFailureCount?: Source; toleratedFailurePercentage?: Source } {
  if (draw.chance(0.6)) return {}
  if (draw.chance(0.5)) return { toleratedFailureCount: literal(draw.between(0, 3)) }
  return { toleratedFailurePercentage: literal(draw.pick([0, 34, 50, 100])) }
}

function parallel(site: Site, name: string, next: string): readonly State[] {
  const { draw } = site
  const retry = draw.chance(0.3) ? retriers(draw) : []
  const branches = Array.from({ length: draw.between(1, 3) }, () => machineOf(within(site, retry.length > 0)))
  const flow = flowOf(site, '$count($states.result)')
  const handling = catchersFor(site, flow, next)
  return [{ kind: 'Parallel', name, at, next, flow, branches, retry, catch: handling.catch }, ...handling.states]
}

function within(site: Site, retries: boolean): Site {
  const outer = [...site.outer, ...site.own]
  return { ...site, depth: site.depth + 1, outer, own: [], mayWrite: site.mayWrite && !retries }
}

/** A task that reads, and the states that its catchers go on to. */
function taskOf(site: Site, name: string, next: string, task: string): { task: TaskState; states: readonly State[] } {
  const { draw } = site
  const loops = [...site.outer, ...site.own].filter((variable) => variable.startsWith('i'))
  const given: JsonObject = { n: `{% ${N} %}`, at: loops.map((variable) => `{% $${variable} %}`) }
  const flow = flowOf(site, draw.chance(0.03) ? '$states.result.nothing.there' : '$states.result.n + 1')
  const handling = catchersFor(site, flow, next)
  const state: TaskState = {
    kind: 'Task',
    name,
    at,
    next,
    flow: { ...flow, arguments: given },
    task,
    scope: 'task.exec',
    effect: 'read',
    undo: { by: 'none' },
    token: false,
    retry: draw.chance(0.5) ? retriers(draw) : [],
    catch: handling.catch,
  }
  return { task: state, states: handling.states }
}

/** What the tasks of random machines fail with. */
export const ERRORS = ['E.One', 'E.Two', 'E.Three'] as const

const NAMES = ['E.One', 'E.Two', 'States.Timeout', 'States.TaskFailed', 'States.QueryEvaluationError'] as const

/** One or two retriers. */
export function retriers(draw: Draw): readonly Retrier[] {
  return Array.from({ length: draw.between(1, 2) }, () => {
    const intervalSeconds = draw.between(1, 20)
    return {
      errorEquals: draw.chance(0.4) ? ['States.ALL'] : [draw.pick(ERRORS), draw.pick(NAMES)],
      intervalSeconds,
      maxAttempts: draw.between(0, 3),
      backoffRate: draw.pick([1, 1.5, 2, 3]),
      ...(draw.chance(0.3) ? { maxDelaySeconds: intervalSeconds + draw.between(1, 10) } : {}),
      jitter: draw.chance(0.3) ? 'FULL' : 'NONE',
    }
  })
}

/**
 * Perhaps a catcher, and the state of its own that it goes on to: a Pass that leads to `next`, or a Fail. It assigns what
 * the state with this flow would have assigned.
 */
export function catchersFor(
  { draw, fresh }: { readonly draw: Draw; readonly fresh: () => string },
  flow: JsonataFlow,
  next: string,
): { readonly catch: readonly Catcher[]; readonly states: readonly State[] } {
  if (!draw.chance(0.35)) return { catch: [], states: [] }
  const name = fresh()
  const state: State = draw.chance(0.25)
    ? { kind: 'Fail', name, at, flow: jsonata(), error: literal('E.Handled') }
    : { kind: 'Pass', name, at, next, flow: jsonata({ output: { n: 7 } }) }
  const assigned = Object.keys(flow.assign ?? {}).map((variable) => [variable, 0])
  const handled = jsonata({
    ...(draw.chance(0.5) ? { output: { n: 5, was: '{% $states.errorOutput.Error %}' } } : {}),
    ...(assigned.length === 0 ? {} : { assign: Object.fromEntries(assigned) }),
  })
  const errorEquals = draw.chance(0.6) ? ['States.ALL'] : [draw.pick(ERRORS), draw.pick(NAMES)]
  return { catch: [{ errorEquals, next: name, flow: handled }], states: [state] }
}
