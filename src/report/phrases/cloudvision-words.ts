import { deviceEnds } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { ShownPlan } from '../../change/plan/plan.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import type { Style } from '../text/style.ts'
import { hanging } from '../text/visible.ts'
import { aroundLines } from './around-words.ts'
import { spokenNames, verb } from './spoken.ts'

const MOST_NAMES = 12

export function streamWords({
  cloudVision: names = [],
}: Pick<ShownPlan['evidence'], 'cloudVision'>): readonly string[] {
  if (names.length === 0) return []
  const [stream, are, their] =
    names.length === 1 ? ['1 switch streams', 'it is', 'its'] : [`${names.length} switches stream`, 'they are', 'their']
  return [
    `${stream} to CloudVision: ${spokenNames(names, MOST_NAMES)}; where it manages ${their} configuration, ${are} out of compliance there after the change until ${are} reconciled`,
  ]
}

export function toReconcile(execution: ExecutionState, events: readonly JournalEvent[]): readonly string[] {
  if (execution.status !== 'ended') return []
  const streaming = new Set(events.flatMap(managedBy))
  const ends = deviceEnds(execution)
  return execution.targets.filter((name) => ends[name] === 'changed' && streaming.has(name))
}

function managedBy(event: JournalEvent) {
  if (event.type === 'PlanMade') return event.cloudVision ?? []
  return event.type === 'CloudVisionAsked' ? (event.known ?? []) : []
}

function reconcileWords(execution: ExecutionState, events: readonly JournalEvent[], style: Style) {
  const names = toReconcile(execution, events)
  if (names.length === 0) return []
  const is = verb(names.length, 'it is', 'they are')
  const them = verb(names.length, 'it runs', 'they run')
  const words = `! CloudVision will show ${spokenNames(names, MOST_NAMES)} out of compliance until ${is} reconciled there, unless it wants what ${them} now`
  return [style.warning(hanging(words))]
}

export function besideLines(
  execution: ExecutionState,
  events: readonly JournalEvent[],
  style: Style,
): readonly string[] {
  return [...aroundLines(execution, style), ...reconcileWords(execution, events, style)]
}
