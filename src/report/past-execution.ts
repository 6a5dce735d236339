import { errorOutput } from '../change/engine/fault.ts'
import { scopeAt } from '../change/engine/fold-scope.ts'
import { deviceEnds, errorOf } from '../change/engine/outcome.ts'
import type { Effect, ExecutionState, ScopeState } from '../change/engine/state.ts'
import type { JournalEvent } from '../change/record/event/event.ts'
import { unreachable } from '../model/error.ts'
import { natural } from '../model/natural-order.ts'
import { brief, placeOf, withoutChecks } from './event-words/phrase.ts'
import { eventWords, progressLine } from './event-words/table.ts'
import { waitingFor } from './phrases/waiting-for.ts'
import { count, hanging, instantOf, present, type Style, short, switches, visibleLine } from './text/text.ts'

export interface PastExecution {
  readonly execution: ExecutionState
  readonly at: string
  readonly next: readonly Effect[]
}

/** A past state of an execution as `show --at --json` prints it, version 1. */
export function pastExecutionJson(standing: PastExecution): string {
  const { execution, at } = standing
  return JSON.stringify({
    version: 1,
    kind: 'standing',
    id: execution.id,
    workflow: execution.workflow,
    seq: execution.seq,
    at,
    status: execution.status,
    outcome: execution.outcome ?? null,
    error: errorOf(execution) ?? null,
    scopes: scopesOf(execution),
    devices: devicesOf(execution),
    waitingFor: waitingFor(execution),
    next: stepsOf(standing),
  })
}

export function pastExecutionText(standing: PastExecution, style: Style): string {
  const { execution, at } = standing
  const scopes = scopesOf(execution)
  const devices = devicesOf(execution)
  const steps = stepsOf(standing)
  const deviceWidth = Math.max(6, ...devices.map(({ name }) => name.length))
  const pathWidth = Math.max(5, ...scopes.map(({ path }) => path.length))
  const stateWidth = Math.max(5, ...scopes.map(({ state }) => (state ?? '-').length))
  return [
    style.bold(`${execution.id} at record ${execution.seq}, ${at}: ${execution.outcome ?? execution.status}`),
    '',
    `${'scope'.padEnd(pathWidth)}  ${'state'.padEnd(stateWidth)}  phase      result   attempt  since`,
    ...scopes.map((scope) =>
      visibleLine(
        `${(scope.path === '' ? '(root)' : scope.path).padEnd(pathWidth)}  ${(scope.state ?? '-').padEnd(stateWidth)}  ${scope.phase.padEnd(9)}  ${scope.result.padEnd(7)}  ${String(scope.attempt).padEnd(7)}  ${scope.since ?? '-'}${more(scope)}`,
      ),
    ),
    '',
    `${'device'.padEnd(deviceWidth)}  phase       reached  end`,
    ...devices.map(
      ({ name, phase, reached, end }) =>
        `${name.padEnd(deviceWidth)}  ${phase.padEnd(10)}  ${reached.padEnd(7)}  ${end}`,
    ),
    '',
    ...(steps.length === 0
      ? [execution.status === 'ended' ? 'It has ended.' : 'It waits for somebody: nothing happens by itself.']
      : ['What would happen next:', ...steps.map(({ says }) => visibleLine(`  ${says}`))]),
    '',
    `${count(scopes.length, 'scope')}, ${switches(devices.length)}, ${count(steps.length, 'next step')}`,
  ].join('\n')
}

function more({ variables, until, deadline, items, spent, error }: ReturnType<typeof scopeStanding>) {
  const parts = present(
    items !== undefined && `${items.ended} of ${items.count} done, ${items.failed} failed`,
    until !== undefined && `until ${until}`,
    deadline !== undefined && `time is over at ${deadline}`,
    spent !== undefined && `retries ${spent.join('+')}`,
    error !== undefined && brief(error),
    Object.keys(variables).length > 0 && brief(variables),
  )
  return parts.length === 0 ? '' : `  ${parts.join(' · ')}`
}

function scopesOf({ scopes }: ExecutionState) {
  // `Map[10]` comes behind `Map[9]`.
  return [...scopes].toSorted(([a], [b]) => natural(a, b)).map(([path, scope]) => scopeStanding(path, scope))
}

function scopeStanding(path: string, scope: ScopeState) {
  const { state, phase, result, attempt, enteredAt, variables, spent, until, deadline, children, error } = scope
  return {
    path,
    state: state ?? null,
    kind: scope.machine.states[state ?? '']?.kind ?? null,
    phase,
    result,
    attempt,
    since: enteredAt === 0 ? null : instantOf(enteredAt),
    variables,
    spent: spent.some((n) => n > 0) ? spent : undefined,
    until: until === undefined ? undefined : instantOf(until),
    // Before its beginning an attempt has a limit, not yet a deadline.
    deadline: deadline === undefined || phase === 'scheduled' ? undefined : instantOf(deadline),
    items: children === undefined || phase !== 'started' ? undefined : itemsOf(children),
    error: error && errorOutput(error),
  }
}

function itemsOf({ inputs, begun, ended, failed }: NonNullable<ScopeState['children']>) {
  return { count: inputs.length, begun, ended, failed }
}

function devicesOf(execution: ExecutionState) {
  return Object.entries(deviceEnds(execution)).map(([name, end]) => {
    const { phase, reached } = execution.devices.get(name) ?? { phase: 'untouched', reached: 'nothing' }
    return { name, phase, reached, end }
  })
}

function stepsOf({ execution, next }: PastExecution) {
  return next.map((effect) => stepOf(execution, effect))
}

function stepOf(execution: ExecutionState, effect: Effect) {
  const at = (path: string) => ({ path, state: scopeAt(execution, path).state ?? '' })
  switch (effect.effect) {
    case 'record':
    case 'end': {
      const { event } = effect
      const place = 'path' in event ? { path: event.path, state: event.state } : {}
      return { effect: effect.effect, ...place, says: `${event.type}: ${eventWords(event)}` }
    }
    case 'enter': {
      const { path, state } = effect
      return { effect: 'record', path, state, says: `StateEntered: ${placeOf({ path, state })}` }
    }
    case 'evaluate': {
      const place = at(effect.path)
      return { effect: 'evaluate', ...place, says: `${EVALUATES[effect.step]} ${placeOf(place)}` }
    }
    case 'task': {
      const { devices, begun, attempt, path, state } = effect
      const place = { path, state: state.name }
      const how = begun ? 'begun and not known to be done: ' : ''
      const on = devices.length > 3 ? switches(devices.length) : devices.join(' ')
      const says = `${how}task ${state.task} of ${placeOf(place)} on ${on}, attempt ${attempt}`
      return { effect: 'task', ...place, devices, says }
    }
    case 'wake': {
      const place = at(effect.path)
      const until = instantOf(effect.until)
      return { effect: 'wake', ...place, until, says: `${placeOf(place)} is looked at again at ${until}` }
    }
    case 'listen': {
      const place = at(effect.path)
      const says = `${placeOf(place)} waits for an answer, token ${short(effect.digest)}`
      return { effect: 'listen', ...place, says }
    }
    case 'undo':
      return { effect: 'undo', devices: [effect.device], says: `${effect.device} is put back` }
    case 'network':
      return { effect: 'network', devices: [effect.device], says: `the network of ${effect.device} is read` }
    case 'around':
      return { effect: 'around', devices: [], says: 'other services hear how the change ended' }
    case 'probes':
      return { effect: 'probes', devices: [], says: 'what was measured of the probes is put on record' }
    case 'takeBack': {
      const { path, state, arguments: given } = effect.write
      const says = `what ${placeOf({ path, state })} did with ${brief(given)} is undone`
      return { effect: 'takeBack', path, state, says }
    }
    default:
      return unreachable(effect)
  }
}

const EVALUATES = {
  begin: 'begins',
  finish: 'is done: the output of',
  catch: 'its error is handled:',
  retry: 'is tried again:',
} as const

const MANY = 20
const MOST_LINES = 5
const PARTS = 4

type ProgressScreen = (events: readonly JournalEvent[]) => readonly string[]

export type KnownProgress = Pick<ExecutionState, 'targets'> & Partial<Pick<ExecutionState, 'plan' | 'devices' | 'ends'>>

interface ScreenTerms extends KnownProgress {
  readonly verbose: boolean
}

/** Where many switches are changed, counts, and of what fails the first few, so that 1,000 switches fit a screen. */
export function progressScreen({ verbose, ...begun }: ScreenTerms, style: Style): ProgressScreen {
  const every = (event: JournalEvent) => {
    const line = progressLine(event, style)
    return line === undefined ? [] : [line]
  }
  if (verbose) return (events) => events.flatMap(every)
  let size = begun.targets.length
  const many = manyScreen(style, begun)
  return (events) => {
    const started = events.find((event) => event.type === 'ExecutionStarted')
    if (started?.type === 'ExecutionStarted') size = started.targets.length
    return roundsIn(events).flatMap((round) => (size > MANY ? many(round) : fewLines(round, style)))
  }
}

export function roundsIn(events: readonly JournalEvent[]): readonly (readonly JournalEvent[])[] {
  const rounds: JournalEvent[][] = []
  for (const event of events) {
    const last = rounds.at(-1)
    const first = last?.[0]
    const isSame =
      event.type === 'VerdictGiven' &&
      first?.type === 'VerdictGiven' &&
      first.device === event.device &&
      first.round === event.round
    if (isSame) last?.push(event)
    else rounds.push([event])
  }
  return rounds
}

const QUIET_ACTS: ReadonlySet<string> = new Set([
  'hold',
  'release',
  'stage',
  'replay',
  'prune',
  'confirm',
  'abort',
  'restore',
])

function isQuiet(event: JournalEvent) {
  if (event.type === 'ActIntended' || event.type === 'DeviceSettled') return true
  return event.type === 'ActFinished' && event.outcome === 'done' && QUIET_ACTS.has(event.act)
}

function fewLines(round: readonly JournalEvent[], style: Style) {
  const [event] = round
  if (event === undefined || isQuiet(event)) return []
  if (event.type === 'VerdictGiven') return roundLines(round, style)
  if (event.type === 'TaskFailed') return [shortFailure(event, style) ?? progressLine(event, style)].filter(isText)
  return [progressLine(event, style)].filter(isText)
}

const isText = (line: string | undefined): line is string => line !== undefined

const STAGES = {
  armed: 'committed under their timer',
  good: 'good by all checks',
  confirmed: 'confirmed',
  saved: 'saved and read back',
  back: 'put back',
} as const
type Stage = keyof typeof STAGES

function manyScreen(style: Style, begun: KnownProgress): (round: readonly JournalEvent[]) => readonly string[] {
  let total = begun.plan?.waves.flat().length ?? 0
  const reached = reachedBefore(begun)
  const spent = { failures: 0, unknown: 0, networks: 0, places: 0, more: 0 }
  const countedLine = (stage: Stage, device: string) => {
    const names = reached.get(stage) ?? new Set<string>()
    if (names.has(device)) return []
    reached.set(stage, names.add(device))
    const part = Math.max(1, Math.ceil(total / PARTS))
    if (names.size % part !== 0 && names.size !== total) return []
    return [style.dim(`  ${names.size} of ${count(total, 'switch', 'switches')} ${STAGES[stage]}`)]
  }
  const within = (budget: 'failures' | 'unknown' | 'networks' | 'places', lines: readonly string[]) => {
    if (lines.length === 0) return []
    spent[budget]++
    if (spent[budget] <= MOST_LINES) return lines.slice(0, 1)
    spent.more++
    return []
  }
  const judged = (round: readonly JournalEvent[], device: string) => {
    const bad = round.filter((one) => one.type === 'VerdictGiven' && isBad(one))
    return bad.length > 0 ? within('failures', roundLines(bad, style)) : countedLine('good', device)
  }
  const placed = (event: JournalEvent, lines: readonly string[]) => {
    if (event.type === 'UndoFinished') return within('unknown', lines)
    if (event.type === 'NetworkRead') return within('networks', lines)
    if ('device' in event && event.device !== undefined) return isLoud(event) ? within('failures', lines) : []
    return 'path' in event && event.path !== '' ? within('places', lines) : lines
  }
  const others = () =>
    spent.more === 0 ? [] : [`… and ${count(spent.more, 'more line')} like these: --verbose, or eosflow history`]
  return (round) => {
    const [event] = round
    if (event === undefined || event.type === 'UndoStarted' || isAsBefore(event)) return []
    if (event.type === 'PlanMade') total = event.waves.flat().length
    if (event.type === 'ExecutionEnded') return others()
    if (event.type === 'VerdictGiven') return judged(round, event.device)
    const done = stageOf(event)
    return done === undefined ? placed(event, fewLines(round, style)) : countedLine(done.stage, done.device)
  }
}

function isAsBefore(event: JournalEvent) {
  return event.type === 'NetworkRead' && event.network === 'same'
}

const THROUGH: Readonly<Partial<Record<Stage, readonly string[]>>> = {
  armed: ['armed', 'confirming', 'confirmed', 'saving', 'saved'],
  confirmed: ['confirmed', 'saving', 'saved'],
  saved: ['saved'],
}

function reachedBefore({ devices, ends }: KnownProgress) {
  const through = Object.entries(THROUGH).map(([stage, phases]) => {
    const names = [...(devices ?? [])].flatMap(([name, { phase }]) => (phases.includes(phase) ? [name] : []))
    return [stage as Stage, new Set(names)] as const
  })
  const back = [...(ends ?? [])].flatMap(([name, { end }]) => (end === 'reverted' ? [name] : []))
  return new Map<Stage, Set<string>>([...through, ['back', new Set(back)]])
}

function isBad({ verdict }: Extract<JournalEvent, { type: 'VerdictGiven' }>) {
  return verdict.status === 'fail' || verdict.status === 'error'
}

const DONE: Readonly<Record<string, Stage>> = { arm: 'armed', confirm: 'confirmed', save: 'saved' }

function stageOf(event: JournalEvent): { readonly stage: Stage; readonly device: string } | undefined {
  if (event.type === 'UndoFinished')
    return event.end === 'unknown' ? undefined : { stage: 'back', device: event.device }
  const stage = event.type === 'ActFinished' && event.outcome === 'done' ? DONE[event.act] : undefined
  return stage === undefined || event.type !== 'ActFinished' ? undefined : { stage, device: event.device }
}

// Whether an event of one switch reports that switch's own failure: not that it ended early because others failed.
function isLoud(event: JournalEvent) {
  if (event.type === 'TaskFailed') return event.error.kind !== 'cancelled'
  return event.type === 'ActFinished' || event.type === 'TaskTimedOut' || event.type === 'DeviceLeftOut'
}

function roundLines(events: readonly JournalEvent[], style: Style) {
  const round = events.filter((event) => event.type === 'VerdictGiven')
  const [first] = round
  if (first === undefined) return []
  const fine = round.filter(({ verdict }) => verdict.status === 'pass' || verdict.status === 'skip')
  const back = fine.filter(({ check, round: number }) => number > 1 && check.startsWith('reachable'))
  const good = fine.filter((one) => !back.includes(one))
  const bad = round.filter((one) => !fine.includes(one))
  const checks =
    first.round > 1 && good.length <= 3
      ? hanging(good.map(({ check }) => check).join(', '))
      : count(good.length, 'check')
  return present(
    [...back, ...bad].map((event) => progressLine(event, style) ?? ''),
    good.length > 0 && style.good(`  ✔ ${first.device}: ${checks} good`),
  )
}

function shortFailure({ error, state, device }: Extract<JournalEvent, { type: 'TaskFailed' }>, style: Style) {
  if (error.kind === 'stale' && error.message.includes('\n')) {
    return style.bad(`✖ ${state}: ${hanging(error.message.split('\n', 1)[0] ?? '')}`)
  }
  if (error.kind !== 'verification' || device === undefined) return undefined
  const head = withoutChecks(error.message)
  return head === undefined ? undefined : style.bad(`✖ ${state}: ${hanging(head)}`)
}
