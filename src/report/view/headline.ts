import { isStoppedTooLate, waitsForApproval, waitsForSignal } from '../../change/engine/outcome.ts'
import { childPath } from '../../change/engine/scope-path.ts'
import { mayPush } from '../../change/engine/sites.ts'
import { type ExecutionState, type ScopeState, startedTimers } from '../../change/engine/state.ts'
import { machinesIn, type State, type StateMachine, waysOn } from '../../change/workflow/machine/machine.ts'
import { wasCommitted } from '../../eos/device/history.ts'
import type { DeviceEnd, DeviceEnds } from '../../model/act.ts'
import { definedMembers } from '../../model/json.ts'
import { identityOf } from '../../model/principal.ts'
import { withoutChecks } from '../event-words/phrase.ts'
import { graphOf } from '../graph/graph.ts'
import { leftAloneWords } from '../phrases/left-alone-execution.ts'
import { type ActiveScope, activeStates, foremost, termsAmong } from '../phrases/live-line.ts'
import { cutText, firstLine, spokenNames, spokenSwitches, spokenTime, verb } from '../phrases/spoken.ts'
import { unservedWords } from '../phrases/workers.ts'
import { clockTime, count, present, short, switches } from '../text/text.ts'
import type { ExecutionView } from './execution-view.ts'
import { placeOfState, type ViewContext, type ViewState } from './view-state.ts'

export function causeOf(view: ViewState): string {
  const { execution, failed } = view
  const { compensation } = execution
  if (compensation === undefined) return ''
  if (compensation.reason === 'cancelled') return 'It was stopped'
  if (compensation.reason === 'timed-out') return 'Its time was over'
  const bad = new Set(
    failed.failures.flatMap(({ error, device }) =>
      error.kind === 'verification' && device !== undefined ? [device] : [],
    ),
  )
  const { error } = compensation
  // A machine that handles the error may end with one that only quotes it.
  if (BY_CHECKS.has(error.kind) && bad.size > 0) return failedChecks(view, bad)
  return cutText(withoutChecks(error.message) ?? firstLine(error.message), LONGEST_CAUSE)
}

const BY_CHECKS: ReadonlySet<string> = new Set(['verification', 'state-failed'])
const LONGEST_CAUSE = 140
const COUNTED = 4
const NAMED_CHECKS = 2

function failedChecks({ verdicts }: ViewState, bad: ReadonlySet<string>) {
  const against = [...verdicts].flatMap(([name, own]) => {
    const failed = [...own.values()].filter(({ verdict }) => verdict.status === 'fail' || verdict.status === 'error')
    return failed.length === 0 ? [] : [{ name, checks: failed.map(({ check }) => check) }]
  })
  // The first whose time is over ends the wave: the others were judged as well.
  const names = [...new Set([...bad, ...against.map(({ name }) => name)])]
  const checks = new Set(against.flatMap((one) => one.checks))
  if (names.length < COUNTED || checks.size === 0)
    return `${spokenSwitches([...bad])} ${verb(bad.size, 'was', 'were')} not good after the commit`
  const named = [...checks].slice(0, NAMED_CHECKS)
  const rest = checks.size - named.length
  const what = rest > 0 ? `${named.join(', ')} and ${count(rest, 'other check')}` : named.join(' and ')
  return `${spokenSwitches(names, verdicts.size)} failed ${what}`
}

export function headlineOf(view: ViewState, moment: ViewContext, ends: DeviceEnds): string {
  const { execution } = view
  switch (execution.status) {
    case 'new':
      return 'Nothing is on record yet'
    case 'ended':
      return endHeadline(view, ends)
    case 'compensating':
      return `${goingBack(view)}${unserved(moment)}${leftAlone(moment)}`
    case 'running':
      return `${running(view, moment)}${unserved(moment)}${leftAlone(moment)}`
  }
}

function unserved({ unserved: sites = [] }: ViewContext) {
  return sites.length === 0 ? '' : `; ${unservedWords(sites)}`
}

function leftAlone({ leftAlone: found }: ViewContext) {
  return found === undefined ? '' : `; ${leftAloneWords(found)}`
}

function goingBack(view: ViewState) {
  const { ends, devices, kept, sites } = view.execution
  if (mayPush(sites)) {
    const ended = `${sites.ended.length} of ${count(sites.sites.length, 'site')} ended`
    return isStoppedTooLate(view.execution)
      ? `It was asked to stop when every site had been let save: it is too late to put them back, ${ended}`
      : `${causeOf(view)}: every site is to put back what it has changed, ${ended}`
  }
  const isCommitted = [...devices.values()].some(wasCommitted)
  if (!isCommitted) return `${causeOf(view)}: no switch was committed, and what was begun is being cleared`
  const touched = [...devices].filter(([name, { reached }]) => reached !== 'nothing' && !kept.has(name)).length
  const all = Math.max(touched, ends.size)
  const what = kept.isEmpty() ? 'everything' : 'what was not confirmed before'
  const how = all === 0 ? '' : `, ${ends.size} of ${switches(all)} done`
  return `${causeOf(view)}: ${what} is being put back${how}`
}

function running(view: ViewState, moment: ViewContext) {
  const { execution } = view
  if (moment.suspension !== undefined) return `Suspended by ${moment.suspension.actor}: it rests until it is resumed`
  const active = foremost(activeStates(execution))
  const rests = waitsForApproval(execution) || waitsForSignal(execution)
  if (moment.isRunning === false && !rests) return nobodyRuns(view, moment)
  const [first] = active
  if (first === undefined) return between(view)
  return `${placeWords(view, active)}${activeWords(view, active, first, moment)}`
}

function nobodyRuns({ execution }: ViewState, { now }: ViewContext) {
  const timers = startedTimers(execution).filter(({ until }) => until > now)
  if (timers.length === 0) return 'No process runs it'
  const names = timers.map(({ device }) => device)
  return `No process runs it, and ${spokenSwitches(names)} ${verb(names.length, 'is', 'are')} live under a commit timer`
}

function between({ execution }: ViewState) {
  const name = execution.scopes.get('')?.state
  return name === undefined ? 'It begins' : `${labelOf(name)} is under way`
}

const PER_SWITCH: ReadonlySet<string> = new Set(['push', 'verify'])

function placeWords({ execution }: ViewState, active: readonly ActiveScope[]) {
  const waves = execution.plan?.waves ?? []
  const isPerSwitch = PER_SWITCH.has(active[0]?.task ?? '')
  const name = active[0]?.devices[0]
  if (!isPerSwitch || waves.length < 2 || name === undefined) return ''
  const index = waves.findIndex((wave) => wave.includes(name))
  return index === -1 || !active.every(({ devices }) => devices.every((one) => waves[index]?.includes(one)))
    ? ''
    : `Wave ${index + 1} of ${waves.length}: `
}

function activeWords(view: ViewState, active: readonly ActiveScope[], first: ActiveScope, moment: ViewContext): string {
  const { execution } = view
  const names = [...new Set(active.flatMap(({ devices }) => devices))]
  const changed = execution.plan?.waves.flat() ?? []
  if (first.phase === 'waiting') return waiting(view, first, moment)
  if (first.phase === 'backoff') {
    const until = Math.max(...active.map((one) => one.until ?? moment.now))
    return `${first.name} has failed and is tried again in ${secondsTo(until, moment.now)}`
  }
  const has = (...phases: readonly string[]) =>
    changed.filter((name) => phases.includes(execution.devices.get(name)?.phase ?? '')).length
  switch (first.task) {
    case 'snapshot':
      return `${switches(names.length)} ${verb(names.length, 'is', 'are')} read before the plan is made`
    case 'plan':
      return `${switches(names.length)} ${verb(names.length, 'shows', 'show')} what the change would do, for the plan`
    case 'approve':
      return 'The approval of the plan is judged'
    case 'recheck':
      return `${switches(changed.length)} ${verb(changed.length, 'is', 'are')} compared with the plan once more`
    case 'push':
      return `${spokenSwitches(names)} ${verb(names.length, 'loads and commits', 'load and commit')} the change`
    case 'verify':
      return verifying(view, active, names, moment)
    case 'ready':
      return `${switches(changed.length)} ${verb(changed.length, 'is', 'are')} looked at once more before the confirm`
    case 'confirm':
      return `The change is being confirmed: ${has('confirmed', 'saving', 'saved')} of ${switches(changed.length)} done`
    case 'save':
      return `The change is confirmed and being saved: ${has('saved')} of ${switches(changed.length)} done`
    case 'rollback':
      return `${spokenSwitches(names)} ${verb(names.length, 'is', 'are')} being put back`
    case 'wait': {
      const until = first.until ?? moment.now
      return `It waits until ${clockTime(new Date(until).toISOString())}, ${secondsTo(until, moment.now)} to go`
    }
    case 'divide-sites':
    case 'begin-sites':
    case 'plan-sites':
    case 'release-sites':
    case 'end-sites':
      return atSites(execution, first)
    default:
      return `${first.name} is under way`
  }
}

function atSites({ sites: { sites, ended } }: ExecutionState, { name }: ActiveScope): string {
  return AT_SITES[name] ?? `Every site saves its switches: ${ended.length} of ${count(sites.length, 'site')} ended`
}

const AT_SITES: Readonly<Record<string, string>> = {
  DivideSites: 'Each site gets its execution',
  BeginSites: 'Each site begins',
  PlanSites: 'Each site plans its switches',
  ReleasePush: 'The approval of the plan is judged once more before any site pushes',
  ReleaseConfirm: 'The sites push and verify; none confirms before all of them wait for it',
  ReleaseSave: 'The sites confirm; none saves before all of them have confirmed',
}

function waiting(view: ViewState, { token, name }: ActiveScope, moment: ViewContext) {
  const { plan } = view.execution
  if (token !== undefined) return `${name} waits for an answer from outside`
  if (plan === undefined) return `${name} waits for a decision`
  const given = approvalsGiven(view, moment)
  const would = `would change ${switches(plan.waves.flat().length)}`
  return given === 0
    ? `Waits for an approval: plan ${short(plan.digest)} ${would}`
    : `Waits until its approvals are enough: plan ${short(plan.digest)} has ${given}, and ${would}`
}

export function approvalsGiven(
  { beganAt = 0, redrivenAt = beganAt }: ViewState,
  { decisions = [], now }: ViewContext,
): number {
  if (decisions.some(({ statement }) => statement.decision === 'reject')) return 0
  const good = decisions.filter(
    ({ statement, at }) =>
      // An earlier one is used up, or was not enough when it began.
      statement.decision === 'approve' && Date.parse(at) >= redrivenAt && Date.parse(statement.expires) > now,
  )
  return new Set(good.map(({ statement }) => identityOf(statement.approver))).size
}

function verifying(
  { judged }: ViewState,
  active: readonly ActiveScope[],
  names: readonly string[],
  moment: ViewContext,
) {
  const { within, stableFor } = termsAmong(active, moment.terms)
  const begun = Math.min(...active.map(({ enteredAt }) => enteredAt))
  // A pulse of an earlier verification says nothing about this one.
  const goodSince = (name: string) => {
    const pulse = moment.pulses?.get(name)
    return pulse !== undefined && pulse.at >= begun ? pulse.goodSince : judged.since.get(name)
  }
  const bad = names.filter((name) => (judged.bad.get(name)?.size ?? 0) > 0)
  if (bad.length > 0) {
    const checks = new Set(bad.flatMap((name) => [...(judged.bad.get(name) ?? [])]))
    const left = within === undefined ? '' : `, ${secondsTo(begun + within * 1000, moment.now)} left for that`
    return `${spokenSwitches(bad)} ${verb(bad.length, 'is', 'are')} not good yet (${cutText(spokenNames([...checks]), LONGEST_CHECKS)})${left}`
  }
  const since = names.map(goodSince)
  const waits = names.filter((_, index) => since[index] === undefined)
  if (waits.length > 0)
    return `${spokenSwitches(waits)} ${verb(waits.length, 'is', 'are')} live, and ${verb(waits.length, 'its', 'their')} checks are judged`
  const good = moment.now - Math.max(...since.map((one) => one ?? moment.now))
  const head = `${spokenSwitches(names)} ${verb(names.length, 'has', 'have')} been good for ${spokenTime(good / 1000)}`
  if (stableFor === undefined || stableFor === 0) return head
  const left = stableFor - good / 1000
  return left <= 0 ? `${head}, and the last look is due` : `${head}, ${spokenTime(Math.ceil(left))} to go`
}

const LONGEST_CHECKS = 80

function secondsTo(until: number, now: number) {
  return spokenTime(Math.ceil((until - now) / 1000))
}

function endHeadline(view: ViewState, ends: DeviceEnds) {
  const { execution } = view
  const named = (end: DeviceEnd) => execution.targets.filter((name) => ends[name] === end)
  const [changed, back, unknown] = [named('changed'), named('reverted'), named('unknown')]
  const cause = causeOf(view)
  switch (execution.outcome ?? 'unknown') {
    case 'planned':
      return `The plan is made: it would change ${switches(execution.plan?.waves.flat().length ?? 0)}`
    case 'nothing-to-do':
      return 'Nothing to do: every switch already is as the change wants it'
    case 'succeeded':
      return changed.length === 0
        ? 'It succeeded, and no switch had to change'
        : `${allOf(changed)} ${verb(changed.length, 'has', 'have')} the change: confirmed, saved and read back`
    case 'tolerated':
      return tolerated(view, changed, back)
    case 'refused':
      return `Refused, and nothing was committed: ${cause}`
    case 'failed':
      return `It failed before anything was committed: ${cause}`
    case 'cancelled':
    case 'rolled-back':
      return wentBack(cause, changed, back)
    case 'unknown':
      return unknownEnd(
        unknown,
        changed.filter((name) => !execution.kept.has(name)),
      )
  }
}

function allOf(names: readonly string[]) {
  return names.length < 4 ? spokenSwitches(names) : `All ${names.length} switches`
}

function tolerated({ execution }: ViewState, changed: readonly string[], back: readonly string[]) {
  const out = execution.targets.filter((name) => execution.leftOut.has(name))
  const rest = present(
    back.length > 0 && `${spokenSwitches(back)} ${verb(back.length, 'was', 'were')} put back`,
    out.length > 0 && `${spokenSwitches(out)} ${verb(out.length, 'was', 'were')} left out`,
  ).join(' and ')
  return `${changed.length} of ${switches(execution.targets.length)} ${verb(changed.length, 'has', 'have')} the change${rest === '' ? '' : `; ${rest}`}`
}

function wentBack(cause: string, changed: readonly string[], back: readonly string[]) {
  if (back.length === 0 && changed.length === 0) return `${cause}, and nothing was committed`
  if (changed.length > 0) {
    const stays = `${spokenSwitches(changed)} ${verb(changed.length, 'keeps', 'keep')} the change`
    return back.length === 0
      ? `${cause}: ${stays}, confirmed before`
      : `${cause}: what was not confirmed before was put back, ${stays}`
  }
  const separator = / was not good | were not good | failed [a-z]|^It was stopped$|^Its time was over$/.test(cause)
    ? ', so'
    : ':'
  return `${cause}${separator} everything was put back`
}

function unknownEnd(unknown: readonly string[], unprotected: readonly string[]) {
  if (unknown.length > 0)
    return `UNKNOWN: a person has to look at ${spokenSwitches(unknown)}, which eosflow could not read`
  if (unprotected.length > 0)
    return `UNKNOWN: ${spokenSwitches(unprotected)} ${verb(unprotected.length, 'has', 'have')} the change and ${verb(unprotected.length, 'was', 'were')} not put back`
  return 'UNKNOWN: a call that undoes what a state did has failed, and a person has to look'
}

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

function labelOf(state: string): string {
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
