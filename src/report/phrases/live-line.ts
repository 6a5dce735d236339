import { isNewChange } from '../../change/engine/fold-device.ts'
import { devicesAt } from '../../change/engine/scope-path.ts'
import { type ExecutionState, type ScopeState, startedTimers } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { definedMembers, isJsonObject } from '../../model/json.ts'
import { clockParts, switches } from '../text/text.ts'

export interface GoodSince {
  readonly bad: ReadonlyMap<string, ReadonlySet<string>>
  /** Since when all of a switch's checks are good, milliseconds since the epoch; absent while one is not. */
  readonly since: ReadonlyMap<string, number>
}

export interface DrawnProgress extends GoodSince {
  readonly answered?: { readonly done: number; readonly of: number }
}

export const NOTHING_JUDGED: GoodSince = { bad: new Map(), since: new Map() }

export function judgedSoFar(before: GoodSince, event: JournalEvent): GoodSince {
  if (event.type === 'ActIntended' && isNewChange(event)) return judgedAnew(before, event.device)
  if (event.type !== 'VerdictGiven') return before
  const { device, verdict } = event
  const check = checkName(event)
  const known = before.bad.get(device)
  const isGood = verdict.status === 'pass' || verdict.status === 'skip'
  if (isGood && known?.has(check) === false && before.since.has(device)) return before
  const own = new Set(known)
  if (isGood) own.delete(check)
  else own.add(check)
  const since = new Map(before.since)
  if (own.size > 0) since.delete(device)
  else since.set(device, before.since.get(device) ?? Date.parse(event.at))
  return { bad: new Map(before.bad).set(device, own), since }
}

/** A check as a reader tells it from others of its name: `vlans-present (2)`. */
export function checkName({ check, nth }: { readonly check: string; readonly nth?: number }): string {
  return nth === undefined ? check : `${check} (${nth})`
}

function judgedAnew(before: GoodSince, device: string) {
  if (!before.bad.has(device)) return before
  const [bad, since] = [new Map(before.bad), new Map(before.since)]
  bad.delete(device)
  since.delete(device)
  return { bad, since }
}

/** What an execution does or waits for right now, in one line: `verify · stable 12/30 s · timer 9m31s left · 3 of 4 switches`. `now` is in milliseconds since the epoch. */
export function liveLine(
  execution: ExecutionState,
  judged: DrawnProgress,
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

function putBack({ ends, devices }: ExecutionState) {
  const touched = [...devices].filter(([, { reached }]) => reached !== 'nothing').length
  if (touched === 0 && ends.size === 0) return ['ends', 'nothing was pushed']
  return ['put back', `${ends.size} of ${switches(Math.max(touched, ends.size))}`]
}

function underWay(execution: ExecutionState, judged: DrawnProgress, terms: TermsOf | undefined, now: number) {
  const alike = foremost(activeStates(execution))
  const [first] = alike
  if (first === undefined) return ['under way', '']
  const waits = waitWords(alike, judged, terms, now)
  return [
    first.task === 'wait' ? `wait in ${first.name}` : first.task,
    ...waits,
    progress(execution, first.task, judged),
  ]
}

function waitWords(active: readonly ActiveScope[], judged: GoodSince, terms: TermsOf | undefined, now: number) {
  const [first] = active
  if (first === undefined) return []
  if (first.phase === 'waiting') return [first.token === undefined ? 'waits for an approval' : 'waits for an answer']
  const until = Math.max(...active.map((one) => one.until ?? Number.NEGATIVE_INFINITY))
  if (first.phase === 'backoff' || first.task === 'wait')
    return Number.isFinite(until) ? [`${spent(until - now)} to wait`] : []
  if (first.task === 'verify') return [verifyWords(active, judged, terms, now)]
  return []
}

function verifyWords(active: readonly ActiveScope[], { since }: GoodSince, terms: TermsOf | undefined, now: number) {
  const devices = active.flatMap((one) => one.devices)
  const { within, stableFor } = termsAmong(active, terms)
  const starts = devices.flatMap((device) => since.get(device) ?? [])
  if (starts.length < devices.length) {
    const waited = seconds(now - Math.min(...active.map(({ enteredAt }) => enteredAt)))
    return `not good yet ${within === undefined ? `${waited} s` : `${waited}/${within} s`}`
  }
  const good = seconds(now - Math.max(...starts))
  return stableFor === undefined ? `stable ${good} s` : `stable ${Math.min(good, stableFor)}/${stableFor} s`
}

// The steps that ask all switches at once.
const ASKED: ReadonlySet<string> = new Set(['snapshot', 'plan', 'recheck'])

const COUNTED: ReadonlySet<string> = new Set(['push', 'verify', 'confirm', 'save', 'wait'])

function progress({ plan, devices, targets }: ExecutionState, task: string, { since, answered }: DrawnProgress) {
  if (answered !== undefined && ASKED.has(task)) return `${answered.done} of ${switches(answered.of)} answered`
  const changed = plan?.waves.flat()
  if (changed === undefined) return switches(targets.length)
  if (!COUNTED.has(task)) return switches(changed.length)
  const has = (name: string, ...phases: readonly string[]) => phases.includes(devices.get(name)?.phase ?? '')
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

function timerWords(execution: ExecutionState, now: number) {
  const [first] = startedTimers(execution)
  if (first === undefined) return ''
  const left = first.until - now
  return left <= 0 ? 'timer over' : `timer ${spent(left)} left`
}

function seconds(milliseconds: number) {
  return Math.max(0, Math.floor(milliseconds / 1000))
}

// `9m31s`, always with its seconds: a line that is looked at moves.
function spent(milliseconds: number) {
  const all = seconds(milliseconds)
  const [h, m, s] = clockParts(all)
  return `${h > 0 ? `${h}h` : ''}${h > 0 || m > 0 ? `${m}m` : ''}${s}s`
}

export function cutTo(line: string, columns: number): string {
  const characters = [...line]
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`
}

export type ActiveScope = ScopeState & {
  readonly path: string
  readonly name: string
  readonly task: string
  readonly devices: readonly string[]
}

/** How long the verification of a switch may take and must stay good, in seconds: by the plan, longer for a canary. */
export type TermsOf = (device: string) => { readonly within: number; readonly stableFor: number }

/** Everything that is under way in an execution at once, Maps and Parallels with something in them aside. */
export function activeStates(execution: ExecutionState): readonly ActiveScope[] {
  return [...execution.scopes].flatMap(([path, scope]) => activeIn(execution, path, scope))
}

function activeIn(execution: ExecutionState, path: string, scope: ScopeState): readonly ActiveScope[] {
  const { state, phase, result, children, machine } = scope
  const kind = state === undefined ? undefined : machine.states[state]
  if (state === undefined || kind === undefined || result !== 'open' || children !== undefined) return []
  if (phase !== 'started' && phase !== 'waiting' && phase !== 'backoff') return []
  return [
    {
      ...scope,
      path,
      name: state,
      task: kind.kind === 'Task' ? kind.task : kind.kind.toLowerCase(),
      devices: devicesAt(execution, path),
    },
  ]
}

// Which of several tasks at once is named: what waits longest goes before what is soon over.
const RANK: readonly string[] = ['push', 'verify']

export function foremost(active: readonly ActiveScope[]): readonly ActiveScope[] {
  const [first] = active.toSorted((a, b) => RANK.indexOf(b.task) - RANK.indexOf(a.task))
  return first === undefined ? [] : active.filter(({ task, name }) => task === first.task && name === first.name)
}

export function termsAmong(
  active: readonly ActiveScope[],
  terms: TermsOf | undefined,
): { readonly within: number | undefined; readonly stableFor: number | undefined } {
  const devices = active.flatMap((one) => one.devices)
  const longest = (key: 'within' | 'stableFor') =>
    terms === undefined || devices.length === 0 ? undefined : Math.max(...devices.map((device) => terms(device)[key]))
  const of = (key: 'within' | 'stableFor') => numberIn(active[0], key) ?? longest(key)
  return { within: of('within'), stableFor: of('stableFor') }
}

function numberIn(scope: ActiveScope | undefined, key: string) {
  const given = scope?.arguments
  if (!isJsonObject(given)) return undefined
  const value = given[key]
  return typeof value === 'number' ? value : undefined
}

interface CheckTarget {
  readonly check: string
  readonly of?: string
}

/** The name of a check on a neighbour ends in ` on spine1`. */
export function judgedOn({ device, check, of, nth }: Extract<JournalEvent, { type: 'VerdictGiven' }>): CheckTarget {
  const end = ` on ${of}`
  const name = of !== undefined && check.endsWith(end) ? check.slice(0, -end.length) : check
  const judged = { check: checkName({ check: name, ...definedMembers({ nth }) }) }
  return of === undefined || of === device ? judged : { ...judged, of }
}
