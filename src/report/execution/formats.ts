import { nameOf } from '../../change/engine/fault.ts'
import { deviceEnds, errorOf } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { BARRIERS } from '../../change/record/event/record-schema.ts'
import { neverWords } from '../../eos/device/history.ts'
import type { DeviceEnd, DeviceEnds } from '../../model/act.ts'
import { gathered } from '../../model/json.ts'
import { type Failure, type Troubles, troublesOf } from '../event-words/history.ts'
import { errorWords, placeOf } from '../event-words/phrase.ts'
import { armWords, unprovenIn } from '../phrases/arm-words.ts'
import { aroundTroubles, besideLines, ownersLeft, ownerWords, toReconcile } from '../phrases/around-words.ts'
import {
  type Disruption,
  disruptionOf,
  goneWords,
  isOdd,
  networkInShort,
  networkLines,
  networkOf,
  networkWords,
  probeRemarks,
  seenWords,
} from '../phrases/disruption.ts'
import { END_WORDS, GRAVEST } from '../phrases/end-words.ts'
import { capital } from '../phrases/spoken.ts'
import { type Suspension, suspensionJson, suspensionText } from '../phrases/suspension.ts'
import { unknownWords } from '../phrases/unknown-words.ts'
import { waitingFor } from '../phrases/waiting-for.ts'
import { count, hanging, present, type Style, short, switches, visibleLine } from '../text/text.ts'
import { traceIdOf } from '../text/trace-id.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { executionSummary } from './row.ts'

const MEANS: Readonly<Record<Exclude<DeviceEnd, 'untouched'>, string>> = {
  changed: 'AFTER: confirmed, saved, read back',
  reverted: 'BEFORE: put back, read back',
  unchanged: 'BEFORE: nothing to change',
  unknown: 'UNKNOWN: see below',
}

function endMeans(execution: ExecutionState, name: string, end: DeviceEnd) {
  if (end === 'untouched') return untouchedMeans(execution, name)
  const network = networkOf(execution, name)
  return network === undefined ? MEANS[end] : `BEFORE: configuration read back, ${networkWords(network)}`
}

const untouchedMeans = ({ leftOut, devices }: ExecutionState, name: string) =>
  leftOut.has(name) ? 'LEFT OUT: it did not answer' : `BEFORE: ${neverWords(devices.get(name))}`

// An approval that it used may be used once more by other stores.
function isUsableElsewhere(events: readonly JournalEvent[]) {
  return events.some((event) => event.type === 'ApprovalUsed' && event.anyStore === true)
}

const ROWS = 8

function networkRows(execution: ExecutionState, style: Style) {
  return execution.targets.flatMap((name) => {
    const found = networkOf(execution, name)
    if (found === undefined || !isOdd(found)) return []
    const others = networkLines(found).slice(1)
    const rest = others.length > ROWS ? [`and ${others.length - ROWS} more: eosflow show ${execution.id} --json`] : []
    const shown = [...others.slice(0, ROWS), ...rest]
    const lines = [`${name}: ${hanging(networkInShort(found))}`, ...shown.map((line) => `  ${hanging(line)}`)]
    return [style.warning(`! ${lines.join('\n')}`)]
  })
}

const MOST_FAILURES = 10

const MARK: Readonly<Record<DeviceEnd, string>> = {
  changed: '✔',
  reverted: '↺',
  unchanged: '○',
  untouched: '○',
  unknown: '?',
}
// `isHeaded`: a headline is above it.
function executionText(
  execution: ExecutionState,
  events: readonly JournalEvent[],
  style: Style,
  {
    isWhole = false,
    isHeaded = false,
    suspension,
  }: { readonly isWhole?: boolean; readonly isHeaded?: boolean; readonly suspension?: Suspension | undefined } = {},
) {
  const ends = deviceEnds(execution)
  const troubles = troublesOf(execution, events)
  const own = events.slice(events.findLastIndex(({ type }) => type === 'ExecutionRedriven') + 1)
  const width = Math.max(6, ...execution.targets.map((name) => name.length))
  const retries = retriesColumn(execution, troubles)
  const verdicts = verified(own)
  const unproven = unprovenIn(events)
  const lock = lockColumn(unproven.notLocked)
  const shown = isWhole ? execution.targets : rowsShown(execution, ends)
  const rows = shown.map((name) =>
    row(
      execution,
      name,
      {
        end: ends[name] ?? 'unknown',
        verdicts: verdicts.get(name) ?? '-',
        lock: lock(name),
        retries: retries(name),
        width,
      },
      style,
    ),
  )
  return present(
    `${'device'.padEnd(width)}  result       verify   ${lock()}${retries()}end state`,
    rows,
    rowsLeftOut(execution, ends, shown),
    locksLeftOut(unproven.notLocked, shown),
    why(execution, troubles, style),
    someLines(leftOutWords(execution, style)),
    keptWords(execution, style),
    someLines(undone(execution, style)),
    someLines(networkRows(execution, style)),
    someLines(armWords(unproven, style, isWhole)),
    someLines(ownerWords(execution, style)),
    isUsableElsewhere(events) &&
      style.warning('! its approval is not single-use: the policy takes approvals of any store'),
    besideLines(execution, events, style),
    callsTakenBack(troubles, style),
    siteWords(execution),
    unknownWords(execution.requester).map((words) => style.warning(`! ${hanging(words)}`)),
    waits(execution),
    disruptionText(execution, style, { isWhole, isHeaded }),
    suspension !== undefined && ['', suspensionText(suspension)],
    '',
    executionSummary(execution, suspension !== undefined),
  ).join('\n')
}

const MANY = 20
const MOST_ROWS = 10
function rowsShown({ targets }: ExecutionState, ends: DeviceEnds) {
  if (targets.length <= MANY) return targets
  return GRAVEST.flatMap((end) => targets.filter((name) => (ends[name] ?? 'unknown') === end)).slice(0, MOST_ROWS)
}

function rowsLeftOut({ targets }: ExecutionState, ends: DeviceEnds, shown: readonly string[]) {
  const isShown = new Set(shown)
  const others = targets.filter((name) => !isShown.has(name))
  return [...gathered(others.map((name) => [ends[name] ?? 'unknown', name]))].map(
    ([end, names]) => `${MARK[end]} ${switches(names.length)} ${END_WORDS[end]}: ${someOf(names)}`,
  )
}

function someOf(names: readonly string[]) {
  const first = names.length > MANY ? names.slice(0, MOST_NAMES) : names
  const more = names.length - first.length
  return `${first.join(' ')}${more > 0 ? ` and ${more} more` : ''}`
}
const MOST_NAMES = 5

function someLines(lines: readonly string[]) {
  const more = lines.length - MOST_NAMES
  return lines.length <= MANY ? lines : [...lines.slice(0, MOST_NAMES), `… and ${more} more`]
}

function retriesColumn({ targets }: ExecutionState, { retries }: Troubles): (name?: string) => string {
  if (!targets.some((name) => retries.has(name))) return () => ''
  return (name) => (name === undefined ? 'retries' : String(retries.get(name) ?? '-')).padEnd(9)
}

// The column of the lock (docs/transport.md#before-the-commit), with the heading where no switch is named: only there when some switch was
// committed without.
function lockColumn(notLocked: readonly string[]): (name?: string) => string {
  if (notLocked.length === 0) return () => ''
  const isOpen = new Set(notLocked)
  return (name) => (name === undefined ? 'lock' : isOpen.has(name) ? 'no' : '-').padEnd(6)
}

function locksLeftOut(notLocked: readonly string[], shown: readonly string[]) {
  const isShown = new Set(shown)
  const rest = notLocked.filter((name) => !isShown.has(name))
  return rest.length === 0 ? [] : [`lock: no on ${someOf(rest)}`]
}

function why(execution: ExecutionState, { failures, retries }: Troubles, style: Style) {
  const { targets, compensation, outcome } = execution
  const error = errorOf(execution)
  const isTooLate = compensation !== undefined && outcome === 'succeeded'
  const news = failures.filter((one) => !isSaid(one, error?.message))
  const told = news.slice(0, MOST_FAILURES).map(({ error: own, caught, device, ...place }) => {
    const where = device === undefined ? placeOf(place) : `${device}: ${place.state}`
    const what = isTold(own.message, error?.message)
      ? `failed: ${nameOf(own) ?? 'without a name'}`
      : `${errorWords(own)}`
    return style.bad(`✖ ${hanging(`${where} ${what}${caught ? ' (handled)' : ''}`)}`)
  })
  const others = news.length - told.length
  const elsewhere = [...retries].filter(([name]) => !targets.includes(name))
  const lines = present(
    isTooLate && 'The word to stop came too late: every site had been let save.',
    error !== undefined && style.bad(hanging(error.message)),
    error?.hint !== undefined && hanging(error.hint),
    told,
    others > 0 && `… and ${count(others, 'more failure')}`,
    elsewhere.length > 0 && `Retries: ${elsewhere.map(([name, n]) => `${hanging(name)} ${n}`).join(', ')}`,
  )
  return lines.length === 0 ? [] : ['', ...lines]
}

function isSaid({ error, caught }: Failure, above: string | undefined) {
  return !caught && error.kind === 'verification' && isTold(error.message, above)
}

function isTold(message: string, above: string | undefined) {
  const told = new Set(above?.split('\n'))
  return message.split('\n').every((line) => told.has(line))
}

function callsTakenBack({ undos }: Troubles, style: Style) {
  return undos.map(({ undone: how, error, ...place }) => {
    if (how === 'done') return `↺ ${hanging(placeOf(place))}: undone`
    const reason = error === undefined ? '' : `: ${errorWords(error)}`
    return style.bad(hanging(`? ${placeOf(place)}: UNKNOWN, could not be undone${reason}`))
  })
}

function waits(execution: ExecutionState) {
  const lines = waitingFor(execution).flatMap((one) => {
    if (one.waitsFor !== 'signal') return []
    const message = one.message === undefined ? '' : `: ${one.message}`
    return [hanging(`${placeOf(one)} waits for an answer from outside (token ${short(one.token)})${message}`)]
  })
  if (lines.length === 0) return []
  return ['', ...lines, `Whoever has no token, which is a password: eosflow show ${execution.id} --tokens`]
}

function undone({ targets, ends }: ExecutionState, style: Style) {
  const said = new Map<string, { end: DeviceEnd; detail: string; names: string[] }>()
  for (const name of targets) {
    const found = ends.get(name)
    if (found === undefined) continue
    const key = `${found.end} ${found.detail}`
    said.set(key, { ...found, names: [...(said.get(key)?.names ?? []), name] })
  }
  return [...said.values()].map(({ end, detail, names }) => {
    const text = `${MARK[end]} ${someOf(names)}: ${hanging(detail)}`
    return end === 'unknown' ? style.bad(text) : text
  })
}

function leftOutWords({ targets, leftOut }: ExecutionState, style: Style) {
  const by = (wanted: string) => targets.filter((name) => leftOut.get(name)?.by === wanted)
  const [skipped, failed] = [by('skip-unreachable'), by('maxFailures')]
  const why = targets.flatMap((name) => leftOut.get(name)?.message ?? [])
  return present(
    skipped.length > 0 && `! left out, as --skip-unreachable says: ${someOf(skipped)}`,
    failed.length > 0 && `! left out, a failure each under maxFailures: ${someOf(failed)}`,
    why.map((line) => `  ${line}`),
  ).map((line) => style.warning(hanging(line)))
}

function keptWords({ targets, kept, compensation }: ExecutionState, style: Style) {
  const names = targets.filter((name) => kept.has(name))
  if (compensation === undefined || names.length === 0) return []
  return [style.good(hanging(`✔ ${switches(names.length)} confirmed before keep the change: ${someOf(names)}`))]
}

function row(
  execution: ExecutionState,
  name: string,
  {
    end,
    verdicts,
    lock,
    retries,
    width,
  }: {
    readonly end: DeviceEnd
    readonly verdicts: string
    readonly lock: string
    readonly retries: string
    readonly width: number
  },
  style: Style,
) {
  const open = execution.outcome === undefined && end === 'unknown'
  const means = endMeans(execution, name, end)
  const text = `${name.padEnd(width)}  ${MARK[end]} ${(open ? 'open' : END_WORDS[end]).padEnd(10)} ${verdicts.padEnd(8)} ${lock}${retries}${open ? 'not settled: eosflow resume' : means}`
  if (end === 'unknown') return style.bad(text)
  return end === 'changed' ? style.good(text) : text
}

function verified(events: readonly JournalEvent[]): ReadonlyMap<string, string> {
  const all = new Map<string, Map<string, boolean>>()
  for (const event of events) {
    if (event.type !== 'VerdictGiven' || event.verdict.status === 'skip') continue
    const last = all.get(event.device) ?? new Map<string, boolean>()
    all.set(event.device, last.set(event.check, event.verdict.status === 'pass'))
  }
  return new Map(
    [...all].map(([name, last]) => [name, `${[...last.values()].filter(Boolean).length}/${last.size}`] as const),
  )
}

function siteWords({ sites: { part, isDivided, sites, decided, ended } }: ExecutionState) {
  if (part !== undefined) return ['', `the site ${part.site} of the change ${part.of}`]
  if (!isDivided) return []
  const parts = sites.map(
    ({ site, execution, targets }) =>
      `${site}: ${execution} ${ended.includes(execution) ? 'has ended, for' : 'changes'} ${targets.join(' ')}`,
  )
  const decisions = BARRIERS.flatMap((barrier) => {
    const made = decided[barrier]
    if (made === undefined) return []
    return [`${barrier} ${made.decision}${made.reason === undefined ? '' : `: ${made.reason}`}`]
  })
  return present('', parts, decisions.length > 0 && `all sites: ${decisions.join('; ')}`)
}

export function headlineText({ headline, unattended, mark, disruption }: ExecutionView, style: Style): string {
  const line = hanging(`${headline}.`)
  const lost = disruption === undefined ? '' : `${disruptionLine(disruption, style)}\n`
  return `${mark.tone === 'bad' ? style.bad(line) : style.bold(line)}\n${lost}${style.dim(hanging(unattended))}`
}

export const executionAs = { text: executionText, json: executionJson } as const

// `disruption` says for how long users were cut off, in words and by each pair that was probed, times in milliseconds.
function executionJson(
  execution: ExecutionState,
  events: readonly JournalEvent[],
  exitCode: number,
  { suspension, view }: { readonly suspension?: Suspension | undefined; readonly view?: ExecutionView } = {},
) {
  const { failures, retries, undos } = troublesOf(execution, events)
  const elsewhere = [...retries].filter(([name]) => !execution.targets.includes(name))
  const { notLocked, notReplayed } = unprovenIn(events)
  const kept = execution.compensation === undefined ? [] : execution.targets.filter((name) => execution.kept.has(name))
  const leftOut = execution.targets.flatMap((name) => {
    const one = execution.leftOut.get(name)
    return one === undefined ? [] : [{ name, ...one }]
  })
  return JSON.stringify({
    version: 1,
    kind: 'execution',
    id: execution.id,
    workflow: execution.workflow,
    purpose: execution.purpose,
    status: execution.status,
    outcome: execution.outcome ?? null,
    plan: execution.plan?.digest ?? null,
    changeFile: execution.changeFile,
    ...traceIdOf(execution.trace),
    commit: execution.commit,
    devices: Object.entries(deviceEnds(execution)).map(([name, end]) => ({
      name,
      end,
      detail: execution.ends.get(name)?.detail,
      ...networkOf(execution, name),
      retries: retries.get(name),
    })),
    kept: ifAny(kept),
    leftOut: ifAny(leftOut),
    error: errorOf(execution) ?? null,
    disruption: disruptionJson(execution),
    around: ifAny(aroundTroubles(execution)),
    failures: ifAny(failures),
    retries: ifAny(Object.fromEntries(elsewhere)),
    undos: ifAny(undos),
    approvalOfAnyStore: isUsableElsewhere(events) || undefined,
    notLocked: ifAny(notLocked),
    notReplayed: ifAny(notReplayed),
    ownerSessions: ifAny(ownersLeft(execution)),
    toReconcile: ifAny(toReconcile(execution, events)),
    waitingFor: ifAny(waitingFor(execution)),
    suspended: suspensionJson(suspension),
    redriven: execution.redriven || undefined,
    output: execution.output,
    after: view?.after,
    rollback: view?.rollback,
    exitCode,
    view,
  })
}

function disruptionJson(execution: ExecutionState) {
  const found = disruptionOf(execution)
  return found && { ...found, probes: found.probes.map(({ name, result, reading }) => ({ name, result, ...reading })) }
}

// In JSON what is undefined is absent.
function ifAny<All extends object>(all: All) {
  return Object.keys(all).length === 0 ? undefined : all
}

const MOST = 12

interface ShownDisruption {
  readonly words: string
  readonly probes: readonly Pick<Disruption['probes'][number], 'result'>[]
}

function disruptionLine({ words, probes }: ShownDisruption, style: Style) {
  const line = hanging(`${capital(words)}.`)
  return probes.some(({ result }) => result === 'cut' || result === 'not-measured') ? style.warning(line) : line
}

// `isHeaded`: the sentence is said already.
function disruptionText(
  execution: ExecutionState,
  style: Style,
  { isWhole, isHeaded }: { readonly isWhole: boolean; readonly isHeaded: boolean },
): readonly string[] {
  const found = disruptionOf(execution)
  if (found === undefined) return []
  const lines = present(table(found, isWhole), seenLines(found, isWhole), !isHeaded && disruptionLine(found, style))
  return lines.length === 0 ? [] : ['', ...lines]
}

function seenLines({ seen, isOver }: Disruption, isWhole: boolean) {
  if (seen === undefined || !isOver) return []
  const { head, each } = seenWords(seen)
  const shown = isWhole ? each : each.slice(0, MOST)
  const more = each.length - shown.length
  return present(
    `${head}${each.length === 0 ? '.' : ':'}`,
    shown.map((line) => `  ${visibleLine(line)}`),
    more > 0 && `  … and ${more} more: -v`,
  )
}

function table({ probes, isOver }: Disruption, isWhole: boolean) {
  if (!isOver) return []
  const remarkable = probes.filter(({ result }) => result !== 'answered')
  const ordered = [...remarkable, ...probes.filter(({ result }) => result === 'answered')]
  const shown = isWhole ? ordered : ordered.slice(0, MOST)
  const width = Math.max(5, ...shown.map(({ name }) => name.length))
  const gone = Math.max(7, ...shown.map((row) => goneWords(row).length))
  const all = probes.flatMap(probeRemarks)
  const isShared = (remark: string) => all.filter((one) => one === remark).length > 1
  return present(
    `${'probe'.padEnd(width)}  ${'cut off'.padEnd(gone)}  asked  lost`,
    shown.flatMap((row) => [
      `${visibleLine(row.name).padEnd(width)}  ${goneWords(row).padEnd(gone)}  ${String(row.reading.sent).padEnd(5)}  ${row.reading.lost}`,
      ...probeRemarks(row).flatMap((remark) => (isShared(remark) ? [] : [`  ${visibleLine(remark)}`])),
    ]),
    shown.length < probes.length && `… and ${probes.length - shown.length} more: -v`,
    [...new Set(all.filter(isShared))].map(
      (remark) => `${all.filter((one) => one === remark).length} probes: ${visibleLine(remark)}`,
    ),
  )
}
