import type { JournalEvent } from '../record/event/event.ts'
import type { Effect } from './effect.ts'
import type { EffectsUnderWay, TokenListener } from './effects-under-way.ts'
import type { Ledger } from './ledger.ts'
import { isOnlyReading } from './network.ts'
import { nextAt } from './next.ts'
import type { Performer } from './perform.ts'
import type { EnginePorts } from './ports.ts'
import { parentOf } from './scope-path.ts'
import { sharesToGiveBack } from './shares.ts'
import type { ExecutionState } from './state.ts'
import { isNeededToRest, isTakenBackByWaiting } from './suspend.ts'
import type { Timers } from './timers.ts'
import { compensate } from './undo.ts'

export interface Loop {
  readonly ports: EnginePorts
  readonly ledger: Ledger
  readonly perform: Performer
  readonly underWay: EffectsUnderWay
  readonly timers: Timers
  readonly listening: TokenListener
  /** The scopes in which something has happened since they were looked at. */
  readonly dirty: Set<string>
  readonly undoing: Set<string>
  readonly stop: AbortSignal
  readonly suspend: AbortSignal
}

/** When the time of the whole machine is over, milliseconds since the epoch. */
export function deadlineOf({ machine, startedAt }: ExecutionState): number | undefined {
  return machine.timeoutSeconds === undefined ? undefined : startedAt + machine.timeoutSeconds * 1000
}

export function effectsOf(loop: Loop): readonly Effect[] {
  const { ledger, dirty, timers, undoing, ports } = loop
  const { state } = ledger
  for (const event of ledger.written()) takeUp(event, dirty, undoing)
  const given = state.status === 'ended' ? [] : sharesToGiveBack(state)
  if (given.length > 0) return given
  for (const path of timers.due(ports.clock.now())) dirty.add(path)
  if (state.status === 'compensating') return loop.suspend.aborted ? withoutWaiting(state) : compensate(state)
  if (state.status !== 'running') return []
  timers.set('@machine', isOnlyReading(state) ? undefined : deadlineOf(state))
  const now = ports.clock.now()
  const found = [...dirty].flatMap((path) => look(loop, path, now))
  dirty.clear()
  return oneTransitionEach(loop.suspend.aborted ? withoutHeld(state, found, dirty) : found)
}

// What is waited for behind the last state.
const ROOT_GOES_ON: readonly JournalEvent['type'][] = [
  'NetworkAwaited',
  'NetworkRead',
  'ProbesMeasured',
  'AroundTurned',
  'AroundActed',
]

// Which scopes are to be looked at because of what has happened.
function takeUp(event: JournalEvent, dirty: Set<string>, undoing: Set<string>): void {
  if (event.type === 'UndoFinished' || event.type === 'TaskUndoFinished') {
    for (const path of undoing) {
      dirty.add(path)
      const parent = parentOf(path)
      // What could not be put back fails the Map that would have tolerated its failure.
      if (parent !== undefined) dirty.add(parent.path)
    }
    undoing.clear()
  }
  if (ROOT_GOES_ON.includes(event.type)) dirty.add('')
  if (!('path' in event)) return
  dirty.add(event.path)
  const parent = endsState(event) ? parentOf(event.path) : undefined
  if (parent !== undefined) dirty.add(parent.path)
}

function endsState(event: JournalEvent): boolean {
  if (event.type === 'TaskSucceeded') return event.exited !== undefined
  return event.type === 'StateExited' || event.type === 'StateFailed' || event.type === 'StateAborted'
}

function look({ ledger: { state }, timers, listening, undoing }: Loop, path: string, now: number): readonly Effect[] {
  const scope = state.scopes.get(path)
  if (path !== '' && scope === undefined) return []
  const effects = nextAt(state, path, now)
  const wake = effects.find((effect) => effect.effect === 'wake')
  timers.set(path, wake?.until)
  listening.set(path, effects.some(({ effect }) => effect === 'listen') ? scope?.token : undefined)
  if (effects.some(({ effect }) => effect === 'undo' || effect === 'takeBack')) undoing.add(path)
  return effects
}

// What a suspended execution does: nothing that begins or goes on with a task, unless a switch needs it.
function withoutHeld(state: ExecutionState, found: readonly Effect[], dirty: Set<string>): readonly Effect[] {
  return found.filter((effect) => {
    if (effect.effect === 'network' || effect.effect === 'around') {
      dirty.add('')
      return false
    }
    if (effect.effect !== 'task' || isNeededToRest(state, effect.path)) return true
    dirty.add(effect.path)
    return false
  })
}

function withoutWaiting(state: ExecutionState): readonly Effect[] {
  return compensate(state).filter(
    (one) =>
      one.effect !== 'network' &&
      one.effect !== 'around' &&
      (one.effect !== 'takeBack' || !isTakenBackByWaiting(state, one.write)),
  )
}

function oneTransitionEach(effects: readonly Effect[]): readonly Effect[] {
  const moved = new Set<string>()
  return effects.filter((effect) => {
    const what = movedBy(effect)
    if (what === undefined) return true
    if (moved.has(what)) return false
    moved.add(what)
    return true
  })
}

function movedBy(effect: Effect): string | undefined {
  if (effect.effect === 'end') return `end ${effect.key}`
  if (effect.effect === 'evaluate' || effect.effect === 'enter') return effect.path
  return effect.effect === 'record' && 'path' in effect.event ? effect.event.path : undefined
}
