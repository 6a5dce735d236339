import { devicesAt } from '../engine/scope-path.ts'
import type { ExecutionState, ScopeState } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import { switches } from './count.ts'

/** What the checks say of each switch, folded from the record beside the execution. */
export interface GoodSince {
  /** The checks of a switch that were not good at their last verdict. */
  readonly bad: ReadonlyMap<string, ReadonlySet<string>>
  /** Since when all of a switch's checks are good, milliseconds since the epoch; absent while one is not. */
  readonly since: ReadonlyMap<string, number>
}

/** Nothing was judged yet. */
export const NOTHING_JUDGED: GoodSince = { bad: new Map(), since: new Map() }

/** Folds one event into what the checks say. */
export function judgedSoFar(before: GoodSince, event: JournalEvent): GoodSince {
  if (event.type !== 'VerdictGiven') return before
  const { device, check, verdict } = event
  const own = new Set(before.bad.get(device))
  if (verdict.status === 'pass' || verdict.status === 'skip') own.delete(check)
  else own.add(check)
  const since = new Map(before.since)
  if (own.size > 0) since.delete(device)
  else since.set(device, before.since.get(device) ?? Date.parse(event.at))
  return { bad: new Map(before.bad).set(device, own), since }
}

/** How long the verification of a switch may take and must stay good, in seconds: by the plan, longer for a canary. */
export type TermsOf = (device: string) => { readonly within: number; readonly stableFor: number }

/**
 * What an execution does or waits for right now, in one line: `verify · stable 12/30 s · timer 9m31s left · 3 of 4 switches`.
 * `now` is in milliseconds since the epoch. Undefined before it begins and once it has ended.
 */
export function liveLine(
  execution: ExecutionState,
  judged: GoodSince,
  terms: TermsOf | undefined,
  now: number,
): string | undefined {
  if (execution.status === 'new' || execution.status === 'ended') return undefined
  const parts = execution.status === 'compensating' ? putBack(execution) : underWay(execution, judged, terms, now)
  const timer = timerWords(execution, now)
  const [head = '', ...rest] = parts
  const line = [head, ...rest.slice(0, -1), timer, ...rest.slice(-1)].filter((part) => part !== '').join(' · ')
  return `${line} · ${spent(now - execution.startedAt)}`
}

function putBack({ ends, devices }: ExecutionState): readonly string[] {
  const touched = [...devices].filter(([, { reached }]) => reached !== 'nothing').length
  return ['put back', `${ends.size} of ${switches(Math.max(touched, ends.size))}`]
}

/** A scope with the state that it is in, which is one of its machine. */
type Active = ScopeState & { readonly name: string; readonly task: string; readonly devices: readonly string[] }

function underWay(
  execution: ExecutionState,
  judged: GoodSince,
  terms: TermsOf | undefined,
  now: number,
): readonly string[] {
  const active = [...execution.scopes].flatMap(([path, scope]) => activeIn(execution, path, scope))
  const [first] = active.toSorted((a, b) => RANK.indexOf(b.task) - RANK.indexOf(a.task))
  if (first === undefined) return ['under way', '']
  const alike = active.filter(({ task, name }) => task === first.task && name === first.name)
  const waits = waitWords(alike, judged, terms, now)
  return [
    first.task === 'wait' ? `wait in ${first.name}` : first.task,
    ...waits,
    progress(execution, first.task, judged),
  ]
}

/** Which of several tasks at once is named: what waits longest goes before what is soon over. */
const RANK: readonly string[] = ['push', 'verify']

function activeIn(execution: ExecutionState, path: string, scope: ScopeState): readonly Active[] {
  const { state, phase, result, children, machine } = scope
  const kind = state === undefined ? undefined : machine.states[state]
  if (state === undefined || kind === undefined || result !== 'open' || children !== undefined) return []
  if (phase !== 'started' && phase !== 'waiting' && phase !== 'backoff') return []
  return [
    {
      ...scope,
      name: state,
      task: kind.kind === 'Task' ? kind.task : kind.kind.toLowerCase(),
      devices: devicesAt(execution, path),
    },
  ]
}

function waitWords(
  active: readonly Active[],
  judged: GoodSince,
  terms: TermsOf | undefined,
  now: number,
): readonly string[] {
  const [first] = active
  if (first === undefined) return []
  if (first.phase === 'waiting') return [first.token === undefined ? 'waits for an approval' : 'waits for an answer']
  const until = Math.max(...active.map((one) => one.until ?? Number.NEGATIVE_INFINITY))
  if (first.phase === 'backoff' || first.task === 'wait')
    return Number.isFinite(until) ? [`${spent(until - now)} to wait`] : []
  if (first.task === 'verify') return [verifyWords(active, judged, terms, now)]
  return []
}

/** How long all of them have been good; where one is not, how long it has been waited for. */
function verifyWords(active: readonly Active[], { since }: GoodSince, terms: TermsOf | undefined, now: number): string {
  const [first] = active
  const devices = active.flatMap((one) => one.devices)
  const longest = (key: 'within' | 'stableFor'): number | undefined =>
    terms === undefined || devices.length === 0 ? undefined : Math.max(...devices.map((device) => terms(device)[key]))
  const within = numberIn(first, 'within') ?? longest('within')
  const stableFor = numberIn(first, 'stableFor') ?? longest('stableFor')
  const starts = devices.flatMap((device) => since.get(device) ?? [])
  if (starts.length < devices.length) {
    const waited = seconds(now - Math.min(...active.map(({ enteredAt }) => enteredAt)))
    return `not good yet ${within === undefined ? `${waited} s` : `${waited}/${within} s`}`
  }
  const good = seconds(now - Math.max(...starts))
  return stableFor === undefined ? `stable ${good} s` : `stable ${Math.min(good, stableFor)}/${stableFor} s`
}

function numberIn(scope: Active | undefined, key: string): number | undefined {
  const given = scope?.arguments
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return undefined
  const value = (given as Readonly<Record<string, unknown>>)[key]
  return typeof value === 'number' ? value : undefined
}

/** What switches come through one by one; an approval is for all of them. */
const COUNTED: ReadonlySet<string> = new Set(['push', 'verify', 'confirm', 'save', 'wait'])

/** How many of the switches to change have come through what is being done. */
function progress({ plan, devices, targets }: ExecutionState, task: string, { since }: GoodSince): string {
  const changed = plan?.waves.flat()
  if (changed === undefined) return switches(targets.length)
  if (!COUNTED.has(task)) return switches(changed.length)
  const has = (name: string, ...phases: readonly string[]): boolean => phases.includes(devices.get(name)?.phase ?? '')
  const through =
    task === 'save'
      ? changed.filter((name) => has(name, 'saved'))
      : task === 'confirm'
        ? changed.filter((name) => has(name, 'confirmed', 'saving', 'saved'))
        : task === 'push'
          ? changed.filter((name) => has(name, 'armed', 'confirming', 'confirmed', 'saving', 'saved'))
          : changed.filter((name) => since.has(name) || has(name, 'confirmed', 'saving', 'saved'))
  return `${through.length} of ${switches(changed.length)}`
}

/** What is left of the commit timer that runs out first, by the controller's own count. */
function timerWords({ devices, ends }: ExecutionState, now: number): string {
  const left = [...devices].flatMap(([name, { phase, armedAt, timer }]) =>
    armedAt === undefined || timer === undefined || ends.has(name) || !RUNNING.has(phase)
      ? []
      : [armedAt + timer * 1000 - now],
  )
  if (left.length === 0) return ''
  const soonest = Math.min(...left)
  return soonest <= 0 ? 'timer over' : `timer ${spent(soonest)} left`
}

const RUNNING: ReadonlySet<string> = new Set(['arming', 'armed', 'confirming', 'aborting', 'restoring'])

function seconds(milliseconds: number): number {
  return Math.max(0, Math.floor(milliseconds / 1000))
}

/** `9m31s`, always with its seconds: a line that is looked at moves. */
function spent(milliseconds: number): string {
  const all = seconds(milliseconds)
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60]
  return `${h > 0 ? `${h}h` : ''}${h > 0 || m > 0 ? `${m}m` : ''}${s}s`
}

/** A line cut to a number of columns, the cut shown. */
export function cutTo(line: string, columns: number): string {
  const characters = [...line]
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`
}
