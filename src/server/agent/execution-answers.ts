import { seenExecution } from '../../app/execution-view.ts'
import { decided } from '../../app/policy/authority.ts'
import { aboutPlan } from '../../app/policy/entry.ts'
import { deviceEnds } from '../../engine/outcome.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { ToolInput, ToolOutput } from '../../mcp/tools.ts'
import { bounded, MOST_UNTRUSTED } from '../../mcp/untrusted.ts'
import { eventWords } from '../../report/event-words.ts'
import { type HistoryEntry, historyOf } from '../../report/history.ts'
import type { ExecutionView } from '../../report/view/execution-view.ts'
import { executionMarkdown } from '../../report/view/markdown.ts'
import { waitingFor } from '../../report/waiting-for.ts'
import type { Known } from '../known.ts'
import { keptExecution, shownExecution } from '../routes/shown.ts'
import type { AgentFront } from './agent-front.ts'

const MOST_EVENTS = 100
const MOST_FINDINGS = 50
/** One of several texts of an answer, in bytes: all of them together stay below 64 KiB. */
const SHORT = 1_000

/** One line about an execution. */
export function rowSeen({ id, workflow, purpose, status, outcome, plan }: ExecutionState) {
  return { id, workflow, purpose, status, outcome: outcome ?? null, plan: plan?.digest ?? null }
}

/** Where an execution is. */
export async function statusSeen(
  front: AgentFront,
  caller: Known,
  id: string,
): Promise<ToolOutput<'execution_status'>> {
  const { state } = await keptExecution(front, caller, id)
  return {
    ...rowSeen(state),
    seq: state.seq,
    devices: Object.entries(deviceEnds(state)).map(([name, end]) => ({ name, end })),
    waitingFor: waitingFor(state).map(({ state: place, waitsFor }) => ({ state: place, waitsFor })),
  }
}

/** The records of an execution, as many as one answer holds. */
export async function eventsSeen(
  front: AgentFront,
  caller: Known,
  { id, after }: ToolInput<'execution_events'>,
): Promise<ToolOutput<'execution_events'>> {
  const { id: whole, events } = await shownExecution(front, caller, id)
  const behind = historyOf(whole, events).filter(({ event }) => event.seq > after)
  const given: ReturnType<typeof eventSeen>[] = []
  let left = MOST_UNTRUSTED
  for (const entry of behind.slice(0, MOST_EVENTS)) {
    const one = eventSeen(entry)
    left -= Buffer.byteLength(one.untrusted_words) + Buffer.byteLength(one.untrusted_actor)
    if (left < 0 && given.length > 0) break
    given.push(one)
  }
  const last = given.at(-1)?.seq
  return { events: given, ...(given.length < behind.length && last !== undefined ? { next: last } : {}) }
}

function eventSeen({ event, device }: HistoryEntry) {
  return {
    seq: event.seq,
    at: event.at,
    type: event.type,
    ...(device === undefined ? {} : { device }),
    untrusted_actor: bounded(event.actor, SHORT),
    untrusted_words: bounded(eventWords<JournalEvent['type']>(event), MOST_UNTRUSTED - SHORT),
  }
}

/** Why an execution is as it is. */
export async function whySeen(front: AgentFront, caller: Known, id: string): Promise<ToolOutput<'execution_explain'>> {
  const shown = await shownExecution(front, caller, id)
  const { view } = await seenExecution(front.app, shown.id)
  return {
    id: view.id,
    status: view.status,
    outcome: view.outcome,
    untrusted_headline: bounded(view.headline, SHORT),
    untrusted_unattended: bounded(view.unattended, SHORT),
    findings: view.why.findings.slice(0, MOST_FINDINGS).map(findingSeen),
    failures: view.why.failures.slice(0, MOST_FINDINGS / 10).map(({ state, kind, device, message }) => ({
      state,
      kind,
      ...(device === undefined ? {} : { device }),
      untrusted_message: bounded(message, SHORT),
    })),
    needs: view.needs.slice(0, MOST_FINDINGS / 10).map(({ act, devices, words }) => ({
      act,
      devices: [...devices],
      untrusted_words: bounded(words, SHORT),
    })),
  }
}

function findingSeen({ device, of, check, status, reasons }: ExecutionView['why']['findings'][number]) {
  return {
    device: of ?? device,
    check,
    status,
    untrusted_reasons: bounded(reasons.map(({ text }) => text).join('; '), SHORT),
  }
}

/** The report of an execution, with the lines of its plan for whoever may read that. */
export async function reportSeen(front: AgentFront, caller: Known, id: string): Promise<string> {
  const shown = await shownExecution(front, caller, id)
  const { view, plan } = await seenExecution(front.app, shown.id)
  const mayRead = plan !== undefined && decided(front.app, caller, 'plan.read', aboutPlan(plan)).effect === 'allow'
  return executionMarkdown(view, mayRead ? plan : undefined)
}
