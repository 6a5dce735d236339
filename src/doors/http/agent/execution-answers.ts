import { deviceEnds } from '../../../change/engine/outcome.ts'
import { messageOf } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { isAllowed, requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { seenExecution } from '../../../project/history/execution-view.ts'
import { executionRow } from '../../../project/history/executions/list-executions.ts'
import { sumOfDrift } from '../../../report/drift/drift.ts'
import { type HistoryEntry, historyOf } from '../../../report/event-words/history.ts'
import { eventWords } from '../../../report/event-words/table.ts'
import type { ExecutionRow } from '../../../report/execution/row.ts'
import type { ShownSource } from '../../../report/page/switches.ts'
import { identityText } from '../../../report/phrases/identity-words.ts'
import { waitingFor } from '../../../report/phrases/waiting-for.ts'
import type { ExecutionView } from '../../../report/view/execution-view.ts'
import { executionMarkdown } from '../../../report/view/markdown.ts'
import type { ToolInput, ToolOutput } from '../../agents/tools.ts'
import { bounded, fitting, MOST_UNTRUSTED, pageOf } from '../../agents/untrusted.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { askerOf } from '../context/route.ts'
import type { SeenDrift } from '../jobs/drift-seen.ts'
import { endsOfSwitches } from '../pages/overview-data.ts'
import { changingFor, executionsFor, namesFor, notThere, unnamed } from '../request/readable.ts'
import { keptExecution, shownExecution } from '../routes/execution-routes.ts'
import type { AgentFront } from './agent-front.ts'

const MOST_EVENTS = 100
const SHORT = 1_000
const [FINDINGS, FAILURES, NEEDS, NAMES] = [16_000, 6_000, 6_000, 1_000]

export function rowSeen({ state, at, standing }: ExecutionRow) {
  const { id, workflow, purpose, outcome, plan } = state
  const status = outcome === undefined ? standing : 'ended'
  return { id, began: at, workflow, purpose, status, outcome: outcome ?? null, plan: plan?.digest ?? null }
}

/** Executions, newest first. */
export async function executionsSeen(
  { app }: AgentFront,
  caller: IdentifiedCaller,
  { purpose, status, switch: target, workflow, limit, cursor }: ToolInput<'executions_list'>,
): Promise<ToolOutput<'executions_list'>> {
  const { rows, more } = await executionsFor(app, caller, {
    target,
    purpose,
    states: status === undefined ? [] : [status],
    touched: false,
    most: limit,
    ...definedMembers({ workflow, before: cursor }),
  })
  const { shown, next } = pageOf(
    rows,
    { limit },
    {
      nameOf: ({ state }) => state.id,
      isMeant: () => true,
      shown: (row) => {
        const { requester } = row.state
        const by = requester === undefined ? '' : (requester.display ?? identityText(requester))
        return { ...rowSeen(row), switches: row.state.targets.length, untrusted_by: bounded(by, SHORT) }
      },
    },
  )
  const last = next ?? more?.id
  const searched = next === undefined && more?.isSearch === true ? { searchedTo: more.at } : {}
  return { executions: [...shown], ...searched, ...definedMembers({ next: last }) }
}

export async function statusSeen(
  { app }: AgentFront,
  caller: IdentifiedCaller,
  { id, end, ...page }: ToolInput<'execution_status'>,
): Promise<ToolOutput<'execution_status'>> {
  const kept = await keptExecution({ app }, caller, id)
  const { state, view } = kept
  const row = await executionRow(app, new Date(view.beganAt ?? 0).toISOString(), kept)
  const all = Object.entries(deviceEnds(state)).map(([name, one]) => ({ name, end: one }))
  const ends: Record<string, number> = {}
  for (const one of all) ends[one.end] = (ends[one.end] ?? 0) + 1
  const { shown, ...more } = pageOf(all, page, {
    nameOf: ({ name }) => name,
    isMeant: (one) => end === undefined || one.end === end,
    shown: (one) => one,
  })
  const waiting = waitingFor(state).map(({ state: place, waitsFor }) => ({ untrusted_state: place, waitsFor }))
  return {
    ...rowSeen(row),
    seq: state.seq,
    ends,
    devices: [...shown],
    ...more,
    waitingFor: [...fitting(waiting, SHORT)],
  }
}

export async function eventsSeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  { id, after }: ToolInput<'execution_events'>,
): Promise<ToolOutput<'execution_events'>> {
  const { id: whole, events } = await shownExecution(front, caller, id)
  const behind = historyOf(whole, events).filter(({ event }) => event.seq > after)
  const given = fitting(behind.slice(0, MOST_EVENTS).map(eventSeen), MOST_UNTRUSTED)
  const last = given.at(-1)?.seq
  return { events: [...given], ...(given.length < behind.length && last !== undefined ? { next: last } : {}) }
}

function eventSeen({ event, device }: HistoryEntry) {
  return {
    seq: event.seq,
    at: event.at,
    type: event.type,
    ...definedMembers({ device }),
    untrusted_actor: bounded(event.actor, SHORT),
    untrusted_words: bounded(eventWords(event), MOST_UNTRUSTED - 2 * SHORT),
  }
}

export async function whySeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  { id }: ToolInput<'execution_explain'>,
): Promise<ToolOutput<'execution_explain'>> {
  const kept = await keptExecution(front, caller, id)
  const { view } = await seenExecution(front.app, kept.id)
  const row = await executionRow(front.app, '', kept)
  const { findings, failures } = view.why
  return {
    id: view.id,
    status: rowSeen(row).status,
    outcome: view.outcome,
    untrusted_headline: bounded(view.headline, SHORT),
    untrusted_unattended: bounded(view.unattended, SHORT),
    counts: { findings: findings.length, failures: failures.length },
    findings: [...fitting(findings.map(findingSeen), FINDINGS)],
    failures: [...fitting(failures.map(failureSeen), FAILURES)],
    needs: [...fitting(view.needs.map(needSeen), NEEDS)],
  }
}

function findingSeen({ device, of, check, status, reasons }: ExecutionView['why']['findings'][number]) {
  return {
    device: of ?? device,
    untrusted_check: bounded(check, SHORT),
    status,
    untrusted_reasons: bounded(reasons.map(({ text }) => text).join('; '), SHORT),
  }
}

function failureSeen({ state, kind, device, message }: ExecutionView['why']['failures'][number]) {
  return {
    untrusted_state: bounded(state, SHORT),
    kind,
    ...definedMembers({ device }),
    untrusted_message: bounded(message, SHORT),
  }
}

function needSeen({ act, devices, words }: ExecutionView['needs'][number]) {
  return { act, count: devices.length, devices: [...fitting(devices, NAMES)], untrusted_words: bounded(words, SHORT) }
}

export async function reportSeen(front: AgentFront, caller: IdentifiedCaller, id: string): Promise<string> {
  const shown = await shownExecution(front, caller, id)
  const { view, plan } = await seenExecution(front.app, shown.id)
  const mayRead = plan !== undefined && isAllowed(front.app, caller, 'plan.read', aboutPlan(plan))
  return executionMarkdown(view, mayRead ? plan : undefined)
}

const LAST = 10
const TAGS = 2_000
const [LINES, ALL_LINES] = [4_000, 28_000]

type Standing = ToolOutput<'switches_list'>['switches'][number]
type Compared = ToolOutput<'drift_list'>

export async function switchesSeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  { search, standing: wanted, ...page }: ToolInput<'switches_list'>,
): Promise<ToolOutput<'switches_list'>> {
  const all = await standingsOf(front, caller, await seenNames(front, caller))
  const many = (standing: Standing['standing']) => all.filter((one) => one.standing === standing).length
  const { shown, ...more } = pageOf(all, page, {
    nameOf: ({ name }) => name,
    isMeant: (one) => (wanted === undefined || one.standing === wanted) && (search === undefined || has(one, search)),
    shown: (one) => one,
  })
  return {
    summary: {
      switches: all.length,
      confirmed: many('confirmed'),
      neverConfirmed: many('never-confirmed'),
      unknown: many('unknown'),
      changing: many('changing'),
      differs: all.filter(({ drift }) => drift?.state === 'differs').length,
    },
    switches: [...shown],
    ...more,
  }
}

function has({ name, untrusted_tags: tags }: Standing, search: string) {
  return name.includes(search) || Object.entries(tags).some(([tag, value]) => `${tag}:${value}`.includes(search))
}

/** For an agent that may not see it, it is not there, and the denial is on record. */
export async function switchSeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  { name }: ToolInput<'switch_standing'>,
): Promise<ToolOutput<'switch_standing'>> {
  await requireSeen(front, caller, [name])
  const [standing] = await standingsOf(front, caller, [name])
  if (standing === undefined) throw notThere('switch')
  const { rows } = await executionsFor(front.app, caller, { target: name, states: [], touched: false, most: LAST })
  return { ...standing, executions: rows.map(rowSeen) }
}

export async function driftSeen(
  front: AgentFront,
  caller: IdentifiedCaller,
  { name, state, ...page }: ToolInput<'drift_list'>,
): Promise<Compared> {
  if (name !== undefined) await requireSeen(front, caller, [name])
  const names = name === undefined ? await seenNames(front, caller) : [name]
  const isMeant = (found: SeenDrift | undefined) => {
    if (state !== undefined || name !== undefined) return state === undefined || found?.drift.state === state
    return found !== undefined && found.drift.state !== 'same'
  }
  return comparedAs(front, caller, names, { ...page, isMeant })
}

export async function driftChecked(
  front: AgentFront,
  caller: IdentifiedCaller,
  { switches: names }: ToolInput<'drift_check'>,
): Promise<Compared> {
  await requireSeen(front, caller, names)
  const work = () => front.acts.ask('drift', askerOf(caller), { targets: names.join(', ') })
  const found = await front.allowance.begin(caller.principal, work, () => 'beside')
  await front.drift.take(found, new Date(front.app.clock.now()).toISOString())
  return comparedAs(front, caller, names, { limit: names.length, isMeant: () => true })
}

async function comparedAs(
  { app, drift }: AgentFront,
  caller: IdentifiedCaller,
  names: readonly string[],
  wanted: Pick<ToolInput<'drift_list'>, 'limit' | 'cursor'> & { isMeant(found: SeenDrift | undefined): boolean },
): Promise<Compared> {
  const ends = await endsOfSwitches(app, caller, names)
  await drift.refresh()
  const all = names.map((name) => ({ name, found: drift.of(name, ends.get(name)?.confirmed?.since) }))
  const seen = all.flatMap(({ found }) => found?.drift ?? [])
  const { shown, ...more } = pageOf(all, wanted, {
    nameOf: ({ name }) => name,
    isMeant: ({ found }) => wanted.isMeant(found),
    shown: ({ name, found }) => {
      const mayRead = isAllowed(app, caller, 'task.snapshot', { devices: [name] })
      return { name, ...driftOf(found), ...(mayRead ? wordsOf(found, names.length === 1 ? ALL_LINES : LINES) : {}) }
    },
  })
  const { inSnapshot: _, ...sum } = sumOfDrift(seen)
  return { summary: { ...sum, notCompared: all.length - seen.length }, switches: [...shown], ...more }
}

async function seenNames({ app }: AgentFront, caller: IdentifiedCaller) {
  const names = namesFor(app, caller)
  if (names.length === 0) await unnamed(() => requireAllowed(app, caller, 'execution.read'))
  return names
}

async function requireSeen({ app }: AgentFront, caller: IdentifiedCaller, names: readonly string[]) {
  const seen = new Set(namesFor(app, caller))
  const name = names.find((one) => !seen.has(one))
  if (name === undefined) return
  await requireAllowed(app, caller, 'execution.read', { devices: [name] }).catch(() => undefined)
  throw notThere('switch')
}

async function standingsOf({ app, drift }: AgentFront, caller: IdentifiedCaller, names: readonly string[]) {
  const ends = await endsOfSwitches(app, caller, names)
  const open = new Map(
    (await changingFor(app, caller)).flatMap(({ state }) => state.targets.map((name) => [name, state.id])),
  )
  await drift.refresh()
  const wanted = new Set(names)
  const devices = app.project.inventory().devices.filter(({ name }) => wanted.has(name))
  return devices.map(({ name, tags }): Standing => {
    const { unknown, confirmed } = ends.get(name) ?? {}
    const changing = open.get(name)
    const isConfirmed = confirmed !== undefined
    const standing = unknown !== undefined ? 'unknown' : changing !== undefined ? 'changing' : undefined
    return {
      name,
      untrusted_tags: Object.fromEntries(
        fitting(Object.entries(tags), TAGS).map(([tag, value]) => [tag, bounded(value, TAGS)]),
      ),
      standing: standing ?? (isConfirmed ? 'confirmed' : 'never-confirmed'),
      ...definedMembers({
        changing,
        confirmed: confirmed === undefined ? undefined : { by: sourceName(confirmed.source), since: confirmed.since },
      }),
      ...driftOf(drift.of(name, confirmed?.since)),
    }
  })
}

function sourceName(source: ShownSource) {
  if (source.kind === 'execution') return source.id === undefined ? 'an execution' : `execution ${source.id}`
  return source.name === undefined ? 'a snapshot' : `snapshot ${source.name}`
}

function driftOf(found: SeenDrift | undefined): Pick<Standing, 'drift'> {
  return found === undefined ? {} : { drift: { state: found.drift.state, at: found.at } }
}

function wordsOf(found: SeenDrift | undefined, most: number): Omit<Compared['switches'][number], 'name' | 'drift'> {
  const drift = found?.drift
  if (drift?.state === 'unread') {
    return { untrusted_failure: bounded(messageOf(drift.failure), LINES) }
  }
  if (drift?.state !== 'differs') return {}
  return { untrusted_diff: bounded(drift.config.map(({ sign, text }) => `${sign}${text}`).join('\n'), most) }
}
