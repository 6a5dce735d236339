import type { ExecutionState } from '../change/engine/state.ts'
import type { JournalEvent } from '../change/record/event/event.ts'
import { withoutChecks } from './event-words/phrase.ts'
import { progressLine } from './event-words/table.ts'
import { count } from './text/count.ts'
import { hanging, type Style } from './text/visible.ts'

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
  const round = events.flatMap((event) => (event.type === 'VerdictGiven' ? [event] : []))
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
  return [
    ...[...back, ...bad].map((event) => progressLine(event, style) ?? ''),
    ...(good.length === 0 ? [] : [style.good(`  ✔ ${first.device}: ${checks} good`)]),
  ]
}

function shortFailure({ error, state, device }: Extract<JournalEvent, { type: 'TaskFailed' }>, style: Style) {
  if (error.kind === 'stale' && error.message.includes('\n')) {
    return style.bad(`✖ ${state}: ${hanging(error.message.split('\n', 1)[0] ?? '')}`)
  }
  if (error.kind !== 'verification' || device === undefined) return undefined
  const head = withoutChecks(error.message)
  return head === undefined ? undefined : style.bad(`✖ ${state}: ${hanging(head)}`)
}
