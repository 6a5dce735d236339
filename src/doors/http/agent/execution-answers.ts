import { deviceEnds } from '../../../change/engine/outcome.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { seenExecution } from '../../../project/history/execution-view.ts'
import { executionRow } from '../../../project/history/executions/list-executions.ts'
import { type HistoryEntry, historyOf } from '../../../report/event-words/history.ts'
import { eventWords } from '../../../report/event-words/table.ts'
import type { ExecutionRow } from '../../../report/execution/row.ts'
import { identityText } from '../../../report/phrases/identity-words.ts'
import { waitingFor } from '../../../report/phrases/waiting-for.ts'
import type { ExecutionView } from '../../../report/view/execution-view.ts'
import { executionMarkdown } from '../../../report/view/markdown.ts'
import { pageOf } from '../../agents/page.ts'
import type { ToolInput, ToolOutput } from '../../agents/tools.ts'
import { bounded, fitting, MOST_UNTRUSTED } from '../../agents/untrusted.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { executionsFor } from '../request/readable.ts'
import { keptExecution, shownExecution } from '../routes/shown-execution.ts'
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
  id: string,
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
  const mayRead = plan !== undefined && decided(front.app, caller, 'plan.read', aboutPlan(plan)).effect === 'allow'
  return executionMarkdown(view, mayRead ? plan : undefined)
}
