import { deviceEnds, isStoppedTooLate, waitsForApproval, waitsForSignal } from '../../change/engine/outcome.ts'
import { mayPush } from '../../change/engine/sites.ts'
import { type ExecutionState, startedTimers } from '../../change/engine/state.ts'
import { unsettled } from '../../change/engine/suspend.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { wasCommitted } from '../../eos/device/history.ts'
import type { DeviceEnd, DeviceEnds } from '../../model/act.ts'
import { definedMembers } from '../../model/json.ts'
import { identityOf } from '../../model/principal.ts'
import type { Failure } from '../event-words/history.ts'
import { unprovenOf } from '../phrases/arm-words.ts'
import { aroundSentences, ownerSentences } from '../phrases/around-words.ts'
import {
  disruptionOf,
  goneWords,
  isOdd,
  networkInShort,
  networkOf,
  probeRemarks,
  seenWords,
} from '../phrases/disruption.ts'
import { rollbackSentences } from '../phrases/rollback-links.ts'
import { siteLinks } from '../phrases/site-links.ts'
import {
  capital,
  changeTitle,
  cutText,
  firstLine,
  inPeoplesOrder,
  spokenSwitches,
  spokenTime,
  verb,
} from '../phrases/spoken.ts'
import { leftBehind } from '../phrases/switches-at-exit.ts'
import { unknownWords } from '../phrases/unknown-words.ts'
import { waitingFor } from '../phrases/waiting-for.ts'
import { count, instantOf, present, short, switches } from '../text/text.ts'
import { type AfterStanding, type AfterView, afterView } from './after-words.ts'
import type { ExecutionView, Tone } from './execution-view.ts'
import { approvalsGiven, headlineOf, rowOfStates, statesOf, stepsOf, waysOf } from './headline.ts'
import { type Decision, foldViews, type LastVerdict, newView, type ViewContext, type ViewState } from './view-state.ts'
import { wavesOf } from './waves-of.ts'

export function executionViewOf(id: string, events: readonly JournalEvent[], moment: ViewContext): ExecutionView {
  return viewOf(foldViews(newView(id), events), moment)
}

export function viewOf(view: ViewState, given: ViewContext): ExecutionView {
  // One that has ended is what it was when it ended, whenever somebody looks.
  const moment = view.endedAt === undefined ? given : { ...given, now: view.endedAt, isRunning: false }
  const { execution, happened } = view
  const { plan } = execution
  const ends = deviceEnds(execution)
  const sites = siteLinks(execution)
  const after = given.after && afterView(given.after, given.now)
  return {
    version: 1,
    kind: 'execution-view',
    id: execution.id,
    asOf: instantOf(moment.now),
    records: { first: view.first, last: execution.seq },
    workflow: execution.workflow,
    title: changeTitle({ name: execution.workflow, params: execution.params }),
    purpose: execution.purpose,
    requester: requesterOf(view),
    startedAt: view.beganAt === undefined ? null : instantOf(view.beganAt),
    endedAt: view.endedAt === undefined ? null : instantOf(view.endedAt),
    status: execution.status,
    outcome: execution.outcome ?? null,
    isRunning: moment.isRunning ?? null,
    mark: markOf(view, moment),
    headline: headlineSince(headlineOf(view, moment, ends), given, ends),
    unattended: unattendedOf(view, moment, ends),
    ...disruptionIn(view),
    plan:
      plan === undefined ? null : { digest: plan.digest, changed: plan.waves.flat().length, unchanged: plan.unchanged },
    leftOut: [...execution.leftOut].map(([device, { message }]) => ({ device, message })),
    flow: rowOfStates(execution.machine) === undefined ? 'states' : 'steps',
    steps: stepsOf(view),
    states: statesOf(view),
    ways: waysOf(view),
    waves: wavesOf(view, moment, ends),
    ...(view.gaps.length === 0
      ? {}
      : { gaps: view.gaps.map(({ from, to }) => ({ from: instantOf(from), to: instantOf(to) })) }),
    why: whyOf(view),
    checks: checksOf(view),
    approvals: (moment.decisions ?? []).map((one) => approvalOf(one, execution.approval)),
    warnings: warningsOf(view),
    happened: {
      earlier: happened.earlier,
      events: happened.events.map((one) => ({ ...one, at: instantOf(one.at) })),
    },
    needs: [...needsOf(view, moment, ends), ...afterNeeds(given.after, after)],
    ...definedMembers({ after, rollback: given.rollback, sites }),
  }
}

// The verdict, and what it is no longer true of: what was rolled back since is said first.
function headlineSince(headline: string, { rollback }: ViewContext, ends: DeviceEnds) {
  if (rollback === undefined) return headline
  const changed = Object.values(ends).filter((end) => end === 'changed').length
  const since = rollbackSentences(rollback, changed)
  const of = rollback.of === undefined ? '' : `; it rolls back execution ${rollback.of}`
  return since.length === 0 ? `${headline}${of}` : `${since.join('. ')}. When it ended: ${headline}${of}`
}

function afterNeeds(standing: AfterStanding | undefined, after: AfterView | undefined): ExecutionView['needs'] {
  if (after?.state !== 'failed') return []
  const devices = [...new Set((standing?.look?.found ?? []).map(({ device }) => device))]
  return [{ act: 'look', words: `it was confirmed, and its checks ${after.words}`, devices }]
}

function warningsOf({ execution, unproven }: ViewState) {
  const { notLocked, notReplayed } = unprovenOf(unproven)
  return present(
    unknownWords(execution.requester),
    ownerSentences(execution),
    aroundSentences(execution).map(capital),
    Object.values(notReplayed).map((why) => `Committed without the proof that it can put itself back: ${why}`),
    notLocked.length > 0 &&
      `Not locked at the commit: ${spokenSwitches(notLocked)}. A line that somebody typed right before it would have been overwritten unseen`,
  )
}

function disruptionIn({ execution }: ViewState): Pick<ExecutionView, 'disruption'> {
  const found = disruptionOf(execution)
  if (found === undefined) return {}
  const probes = found.probes.map((row) => {
    const { name, result, reading } = row
    return { name, result, gone: goneWords(row), sent: reading.sent, lost: reading.lost, remarks: probeRemarks(row) }
  })
  const { seen, ...rest } = found
  return { disruption: { ...rest, probes, ...(seen === undefined ? {} : { seen: seenWords(seen) }) } }
}

function requesterOf({ execution: { requester } }: ViewState): ExecutionView['requester'] {
  if (requester === undefined) return null
  const { kind, display } = requester
  return { id: identityOf(requester), kind, ...definedMembers({ display }) }
}

function approvalOf(
  { statement, signature, at }: Decision,
  used: string | undefined,
): ExecutionView['approvals'][number] {
  const { decision, approver, expires, comment, nonce } = statement
  return {
    decision,
    by: identityOf(approver),
    ...definedMembers({ display: approver.display }),
    proof: signature?.kind ?? 'seal',
    at,
    expires,
    comment,
    isUsed: nonce === used,
  }
}

const ENDED: Readonly<Record<NonNullable<ExecutionView['outcome']>, { readonly tone: Tone; readonly word: string }>> = {
  planned: { tone: 'idle', word: 'Planned' },
  'nothing-to-do': { tone: 'idle', word: 'Nothing to do' },
  succeeded: { tone: 'ok', word: 'Succeeded' },
  tolerated: { tone: 'ok', word: 'Succeeded with failures' },
  refused: { tone: 'bad', word: 'Refused' },
  'rolled-back': { tone: 'undo', word: 'Rolled back' },
  cancelled: { tone: 'undo', word: 'Cancelled' },
  failed: { tone: 'bad', word: 'Failed' },
  unknown: { tone: 'bad', word: 'Unknown' },
}

function markOf(view: ViewState, moment: ViewContext): ExecutionView['mark'] {
  const { execution } = view
  if (execution.outcome !== undefined) return ENDED[execution.outcome]
  if (execution.status === 'new') return { tone: 'idle', word: 'New' }
  if (execution.status === 'compensating' && isStoppedTooLate(execution)) return { tone: 'run', word: 'Asked to stop' }
  if (execution.status === 'compensating') return { tone: 'undo', word: 'Putting back' }
  if (moment.suspension !== undefined) return { tone: 'idle', word: 'Suspended' }
  const needs = needsOf(view, moment, {})
  const [first] = needs
  if (first?.act === 'approve') {
    const given = approvalsGiven(view, moment)
    return { tone: 'live', word: given === 0 ? 'Waits for approval' : `Waits, ${count(given, 'approval')} given` }
  }
  if (first?.act === 'answer') return { tone: 'live', word: 'Waits for an answer' }
  return first?.act === 'resume' ? { tone: 'bad', word: 'Nobody runs it' } : { tone: 'run', word: 'Running' }
}

type Checks = ExecutionView['checks']
type Cell = Checks['rows'][number]['cells'][number]

function checksOf({ execution, verdicts }: ViewState): Checks {
  const devices = execution.plan?.waves.flat() ?? []
  const columns = columnsOf(verdicts)
  const all = [...verdicts.values()].flatMap((own) => [...own.values()])
  return {
    round: Math.max(0, ...all.map(({ round }) => round)),
    columns,
    rows: columns.length === 0 ? [] : devices.map((device) => rowOf(device, verdicts.get(device), columns)),
  }
}

function columnsOf(verdicts: ViewState['verdicts']) {
  const names = new Set<string>()
  for (const own of verdicts.values()) for (const { check, of } of own.values()) if (of === undefined) names.add(check)
  return [...names]
}

function rowOf(
  device: string,
  own: ReadonlyMap<string, LastVerdict> | undefined,
  columns: readonly string[],
): Checks['rows'][number] {
  const all = [...(own?.values() ?? [])]
  const beside = all.filter(({ of }) => of !== undefined)
  const good = beside.filter(isGood).length
  const byName = new Map(all.flatMap((one) => (one.of === undefined ? [[one.check, one] as const] : [])))
  return {
    device,
    cells: columns.map((check): Cell => {
      const last = byName.get(check)
      return last === undefined ? { status: 'none' } : { status: last.verdict.status, round: last.round }
    }),
    beside: { good, bad: beside.length - good },
  }
}

function isGood({ verdict }: LastVerdict) {
  return verdict.status === 'pass' || verdict.status === 'skip'
}

type Need = ExecutionView['needs'][number]

function needsOf(view: ViewState, moment: ViewContext, ends: DeviceEnds): readonly Need[] {
  const { execution } = view
  if (execution.status === 'new') return []
  if (execution.status === 'ended') return execution.outcome === 'unknown' ? [look(view, ends)] : []
  const waiting = waitingFor(execution)
  const asked = waiting.map((one): Need => {
    if (one.waitsFor === 'signal') {
      const message = one.message === undefined ? '' : `: ${one.message}`
      return { act: 'answer', words: `${one.state} waits for an answer from outside${message}`, devices: [] }
    }
    const { plan } = execution
    const what =
      plan === undefined
        ? 'the plan'
        : `plan ${short(plan.digest)}, which changes ${switches(plan.waves.flat().length)}`
    return { act: 'approve', words: `Decide about ${what}`, devices: plan?.waves.flat() ?? [] }
  })
  const isLeft = moment.isRunning === false && waiting.length === 0 && moment.suspension === undefined
  return isLeft ? [resume(view)] : asked
}

function look({ execution }: ViewState, ends: DeviceEnds): Need {
  const devices = execution.targets.filter((name) => ends[name] === 'unknown')
  const details = devices.flatMap((name) => execution.ends.get(name)?.detail ?? [])
  const words = details.length === 0 ? 'Look at what is there, and settle it by hand' : [...new Set(details)].join('; ')
  return { act: 'look', words, devices }
}

function resume({ execution }: ViewState): Need {
  const devices = unsettled(execution)
  const what = devices.length === 0 ? '' : `, because ${spokenSwitches(devices)} may hold the change`
  return { act: 'resume', words: `Resume it: no process runs it${what}`, devices }
}

type Why = ExecutionView['why']
type Finding = Why['findings'][number]
type Reason = Finding['reasons'][number]

const MOST_FINDINGS = 40
const MOST_FAILURES = 20

export function whyOf(view: ViewState): Why {
  const { failures } = view.failed
  const told = failures
    .filter((one) => !isToldByChecks(view, one))
    .map(({ path, state, device, error, caught }) => ({
      state,
      path,
      ...definedMembers({ device }),
      kind: error.kind,
      message: error.message,
      ...definedMembers({ hint: error.hint }),
      isHandled: caught,
    }))
  return {
    findings: eachOnce(findingsOf(view), ({ of, check, status, reasons }) => [
      of ?? '',
      check,
      status,
      ...reasons.map(({ text }) => text),
    ]).slice(0, MOST_FINDINGS),
    failures: eachOnce(told, ({ state, device = '', kind, message, hint = '', isHandled }) => [
      state,
      kind,
      withoutName(message, device),
      withoutName(hint, device),
      String(isHandled),
    ]).slice(-MOST_FAILURES),
  }
}

function eachOnce<One extends { readonly device?: string }>(
  all: readonly One[],
  sameness: (one: One) => readonly string[],
): readonly (One & { readonly alike?: readonly string[] })[] {
  const groups = new Map<string, One[]>()
  for (const one of all) {
    // What is of no single switch is told each time.
    const key = JSON.stringify(one.device === undefined ? [groups.size] : sameness(one))
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => {
    const names = inPeoplesOrder(group.flatMap(({ device }) => device ?? []))
    const [first] = names
    const told = group.find(({ device }) => device === first)
    if (told === undefined) return []
    return names.length < 2 ? [told] : [{ ...told, alike: names.slice(1) }]
  })
}

function withoutName(text: string, device: string) {
  return device === '' ? text : text.replaceAll(device, '')
}

function isToldByChecks({ failed, judged }: ViewState, { error }: Failure) {
  return failed.failures.some(
    (one) =>
      one.error.kind === 'verification' &&
      one.device !== undefined &&
      (judged.bad.get(one.device)?.size ?? 0) > 0 &&
      error.message.includes(one.error.message),
  )
}

function findingsOf({ execution, verdicts }: ViewState): readonly Finding[] {
  if (execution.outcome === 'succeeded') return []
  return [...verdicts].flatMap(([device, own]) => [...own.values()].flatMap((one) => findingOf(device, one)))
}

function findingOf(device: string, { check, of, round, verdict, at }: LastVerdict): readonly Finding[] {
  if (verdict.status === 'pass' || verdict.status === 'skip') return []
  const reasons = verdict.status === 'fail' ? verdict.reasons : [verdict.reason]
  return [
    {
      device,
      ...definedMembers({ of }),
      check,
      status: verdict.status,
      reasons: reasons.map(reasonOf),
      at: instantOf(at),
      round,
    },
  ]
}

const COMPARED = /^(.+?) - expected: (.*), actual: (.*)$/s
const UNEXPECTED = /^(.+?): (.*) -> (.*) - not expected$/s

export function reasonOf(text: string): Reason {
  const [, about, expected, actual] = COMPARED.exec(text) ?? []
  if (about !== undefined && expected !== undefined && actual !== undefined) return { text, about, expected, actual }
  const [, place, before, after] = UNEXPECTED.exec(text) ?? []
  if (place === undefined || before === undefined || after === undefined) return { text }
  return { text, about: place, expected: before, actual: after }
}

function unattendedOf({ execution }: ViewState, moment: ViewContext, ends: DeviceEnds) {
  switch (execution.status) {
    case 'new':
      return 'No switch has been changed.'
    case 'ended':
      return afterEnd(execution, ends, moment)
    case 'compensating':
      return whileGoing(execution, moment, 'It goes on by itself.')
    case 'running':
      if (moment.suspension !== undefined) return 'No switch is live. It rests for as long as somebody likes.'
      if (waitsForApproval(execution)) return forAnswer(execution, moment, 'somebody decides')
      if (waitsForSignal(execution)) return forAnswer(execution, moment, 'the answer comes')
      return whileGoing(execution, moment, 'It goes on by itself.')
  }
}

function afterEnd(execution: ExecutionState, ends: DeviceEnds, { after }: Pick<ViewContext, 'after'>) {
  const { targets, ends: found, outcome, kept } = execution
  const named = (end: DeviceEnd) => targets.filter((name) => ends[name] === end)
  const [back, unknown, untouched] = [named('reverted'), named('unknown'), named('untouched')]
  const details = [...new Set(unknown.flatMap((name) => found.get(name)?.detail ?? []))]
  const whole = outcome === 'planned' || outcome === 'nothing-to-do' || outcome === 'refused'
  const sentences = present(
    unknown.length > 0 &&
      `${spokenSwitches(unknown)} ${verb(unknown.length, 'stays', 'stay')} as ${verb(unknown.length, 'it is', 'they are')}: ${details.length === 0 ? 'nobody has read what is there' : cutText(details.map(firstSentence).join('; '), LONGEST)}.`,
    back.length > 0 &&
      `${spokenSwitches(back)} ${verb(back.length, 'was', 'were')} read back and ${verb(back.length, 'equals its', 'equal their')} configuration before the change.`,
    !kept.isEmpty() &&
      back.length + unknown.length > 0 &&
      `${spokenSwitches([...kept])} ${verb(kept.size, 'keeps', 'keep')} the change.`,
    whole && 'No switch was changed.',
    !whole &&
      untouched.length > 0 &&
      `${spokenSwitches(untouched)} ${verb(untouched.length, 'was', 'were')} never touched.`,
    after?.look?.failedSince === undefined ? whoHasToAct(execution, back) : NO_LONGER_GOOD,
  )
  return sentences.join(' ')
}

const NO_LONGER_GOOD = 'But its checks are no longer good. Nothing is put back by itself: a person has to look.'

function whoHasToAct(execution: ExecutionState, back: readonly string[]) {
  const networks = back.flatMap((name) => {
    const network = networkOf(execution, name)
    return network === undefined ? [] : [{ name, network }]
  })
  const odd = networks.filter(({ network }) => isOdd(network))
  const unseen = networks.filter(({ network }) => network.network === 'not-looked-at').map(({ name }) => name)
  const [first, ...others] = odd
  if (first !== undefined) {
    const more = others.length === 0 ? '' : `, and ${count(others.length, 'other switch', 'other switches')} likewise`
    return [
      `But around ${first.name}: ${cutText(networkInShort(first.network), LONGEST)}${more}. A person has to look.`,
    ]
  }
  const unlooked = unseen.length === 0 ? [] : [`Nobody has looked at the network of ${spokenSwitches(unseen)}.`]
  if (execution.outcome === 'unknown') return [...unlooked, 'A person has to act.']
  return unlooked.length > 0 ? unlooked : ['Nobody has to act.']
}

function firstSentence(text: string) {
  return firstLine(text).split('. ', 1)[0] ?? ''
}

const LONGEST = 240

function forAnswer(execution: ExecutionState, moment: ViewContext, until: string) {
  const live = startedTimers(execution)
  if (live.length === 0 && isUntouched(execution)) return `No switch is changed until ${until}.`
  return whileGoing(execution, moment, `It waits until ${until}.`)
}

function isUntouched({ devices }: ExecutionState) {
  return ![...devices.values()].some(({ reached }) => reached !== 'nothing')
}

function whileGoing(execution: ExecutionState, { now, isRunning }: ViewContext, going: string) {
  const isLeft = isRunning === false
  const begins = isLeft ? '' : `${going} `
  const without = isLeft ? 'If nobody resumes it' : 'If eosflow stopped now'
  if (mayPush(execution.sites))
    return `${begins}Its sites change their switches: the execution of each site says where they are.`
  if (isUntouched(execution)) return `${begins}No switch has been changed yet.`
  const timers = startedTimers(execution)
  const only = isOnlyUnderTimers(execution, timers.length)
  const last = timers.at(-1)
  const first = timers[0]
  if (!only || first === undefined || last === undefined || first.until <= now)
    return `${begins}${without}: ${leftBehind(execution, now).places}.`
  const left = (until: number) => spokenTime(Math.ceil((until - now) / 1000))
  if (timers.length === 1)
    return `${begins}Nothing is confirmed yet. ${without}, ${first.device} ${isLeft ? 'puts' : 'would put'} itself back in ${left(first.until)}.`
  return `${begins}Nothing is confirmed yet. ${without}, ${switches(timers.length)} ${isLeft ? 'put' : 'would put'} themselves back, the first in ${left(first.until)} and the last in ${left(last.until)}.`
}

function isOnlyUnderTimers({ devices, ends, kept }: ExecutionState, timers: number) {
  const touched = [...devices].filter(([name, history]) => wasCommitted(history) && !ends.has(name) && !kept.has(name))
  return touched.length === timers && touched.every(([, { phase }]) => phase === 'armed')
}
