import { deviceEnds, errorOf } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { troublesOf } from '../event-words/troubles.ts'
import { unprovenIn } from '../phrases/arm-words.ts'
import { aroundTroubles } from '../phrases/around-words.ts'
import { toReconcile } from '../phrases/cloudvision-words.ts'
import { disruptionOf } from '../phrases/disruption.ts'
import { networkOf } from '../phrases/network-words.ts'
import { ownersLeft } from '../phrases/owner-words.ts'
import { type Suspension, suspensionJson } from '../phrases/suspension.ts'
import { isUsableElsewhere } from '../phrases/use-words.ts'
import { waitingFor } from '../phrases/waiting-for.ts'
import { traceIdOf } from '../text/trace-id.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { executionText } from './text.ts'

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
  const unproven = unprovenIn(events)
  const waiting = waitingFor(execution)
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
      ...detailOf(execution, name),
      ...networkOf(execution, name),
      ...(retries.has(name) ? { retries: retries.get(name) } : {}),
    })),
    ...(kept.length === 0 ? {} : { kept }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
    error: errorOf(execution) ?? null,
    ...disruptionJson(execution),
    ...aroundJson(execution),
    ...(failures.length === 0 ? {} : { failures }),
    ...(elsewhere.length === 0 ? {} : { retries: Object.fromEntries(elsewhere) }),
    ...(undos.length === 0 ? {} : { undos }),
    ...(isUsableElsewhere(events) ? { approvalOfAnyStore: true } : {}),
    ...(unproven.notLocked.length === 0 ? {} : { notLocked: unproven.notLocked }),
    ...(Object.keys(unproven.notReplayed).length === 0 ? {} : { notReplayed: unproven.notReplayed }),
    ...ownersJson(execution),
    ...reconcileJson(execution, events),
    ...(waiting.length === 0 ? {} : { waitingFor: waiting }),
    ...suspensionJson(suspension),
    ...(execution.redriven === 0 ? {} : { redriven: execution.redriven }),
    ...definedMembers({ output: execution.output }),
    after: view?.after,
    rollback: view?.rollback,
    exitCode,
    view,
  })
}

function reconcileJson(
  execution: ExecutionState,
  events: readonly JournalEvent[],
): { readonly toReconcile?: readonly string[] } {
  const names = toReconcile(execution, events)
  return names.length === 0 ? {} : { toReconcile: names }
}

function disruptionJson(execution: ExecutionState): { readonly disruption?: object } {
  const found = disruptionOf(execution)
  if (found === undefined) return {}
  const probes = found.probes.map(({ name, result, reading }) => ({ name, result, ...reading }))
  return { disruption: { ...found, probes } }
}

function aroundJson(execution: ExecutionState): { around?: object } {
  const troubles = aroundTroubles(execution)
  return troubles.length === 0 ? {} : { around: troubles }
}

function detailOf({ ends }: ExecutionState, name: string): { detail?: string } {
  const found = ends.get(name)
  return found === undefined ? {} : { detail: found.detail }
}

function ownersJson(execution: ExecutionState): { readonly ownerSessions?: ReturnType<typeof ownersLeft> } {
  const left = ownersLeft(execution)
  return Object.keys(left).length === 0 ? {} : { ownerSessions: left }
}
