import { EosflowError, errorRecord } from '../../model/error.ts'
import type { EventBody, JournalEvent } from '../record/event/event.ts'
import { isOnlyReading } from './around.ts'
import {
  EarlyEnd,
  type EffectsUnderWay,
  isSuspended,
  newEffectsUnderWay,
  newListening,
  newTimers,
  type Timers,
  type TokenListener,
} from './effects-under-way.ts'
import { evaluate, evaluationPorts } from './evaluate.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { nextAt, sharesToGiveBack } from './next.ts'
import { entering, type Performer, performer } from './perform.ts'
import type { EnginePorts } from './ports.ts'
import { parentOf } from './scope-path.ts'
import type { Effect, ExecutionState } from './state.ts'
import { compensate, isNeededToRest, isTakenBackByWaiting, liveSwitches, workToEnd } from './suspend.ts'

interface Loop {
  readonly ports: EnginePorts
  readonly ledger: Ledger
  readonly perform: Performer
  readonly underWay: EffectsUnderWay
  readonly timers: Timers
  readonly listening: TokenListener
  // The scopes in which something has happened since they were looked at.
  readonly dirty: Set<string>
  readonly undoing: Set<string>
  readonly stop: AbortSignal
  readonly suspend: AbortSignal
}

// When the time of the whole machine is over, milliseconds since the epoch.
function deadlineOf({ machine, startedAt }: ExecutionState): number | undefined {
  return machine.timeoutSeconds === undefined ? undefined : startedAt + machine.timeoutSeconds * 1000
}

function effectsOf(loop: Loop): readonly Effect[] {
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

/** Runs an execution until it ends or waits for somebody: asks `nextAt` for every scope in which something has happened, performs what it says, appends what happened, and again. When `stop` is aborted, everything under way ends at its next safe point and everything written is taken back; so it is when the journal lives on its reserve. */
export async function runExecution(
  start: ExecutionState,
  ports: EnginePorts,
  stop: AbortSignal,
  suspend: AbortSignal = new AbortController().signal,
): Promise<ExecutionState> {
  const underWay = newEffectsUnderWay()
  const ledger = openLedger(ports, start, () => underWay.notify())
  const loop: Loop = {
    ports,
    ledger,
    perform: performer(ports, ledger),
    underWay,
    timers: newTimers(ports.clock, underWay),
    listening: newListening(ports.inbox, ledger, underWay),
    dirty: new Set(['', ...start.scopes.keySeq().sort()]),
    undoing: new Set(),
    stop,
    suspend,
  }
  const stopping = whenAborted(stop)
  const look = (): void => underWay.notify()
  suspend.addEventListener('abort', look)
  try {
    while (await turn(loop)) {
      const landed = underWay.next()
      await (ledger.state.status === 'running' && !stop.aborted ? Promise.race([landed, stopping]) : landed)
    }
    await underWay.land()
    await loop.perform.rest(true)
    return ledger.state
  } finally {
    suspend.removeEventListener('abort', look)
    await underWay.land()
    await loop.perform.rest(false)
  }
}

async function turn(loop: Loop): Promise<boolean> {
  while (await turnOnce(loop)) loop.underWay.throwFailure()
  loop.underWay.throwFailure()
  const { state } = loop.ledger
  if (state.status === 'ended' || state.status === 'new') return false
  if (state.status === 'compensating') return loop.underWay.size > 0
  return isBusy(loop)
}

function isBusy({ underWay, timers, listening, ledger, ports, suspend }: Loop): boolean {
  const { isAttended } = ports.inbox
  if (suspend.aborted && liveSwitches(ledger.state).length === 0) return underWay.isWorking
  timers.launch()
  if (isAttended) listening.launch()
  if (underWay.isWorking || (isAttended && listening.size > 0)) return true
  const waiting = ledger.state.scopes.filter(({ phase }) => phase === 'waiting')
  return !timers.areOnly((path) => path === '@machine' || waiting.has(path))
}

// True when something was written meanwhile, by itself or by what is under way, so that there may be more to do.
async function turnOnce(loop: Loop): Promise<boolean> {
  const { ledger } = loop
  const halted = haltReason(loop)
  if (halted !== undefined) return halt(loop, halted)
  if (loop.suspend.aborted) for (const key of workToEnd(ledger.state)) loop.underWay.abort(key, 'suspended')
  const seen = ledger.state.seq
  let effects: readonly Effect[]
  try {
    effects = effectsOf(loop)
  } catch (error) {
    return halt(loop, { reason: 'failure', error: errorRecord(error) })
  }
  for (const effect of effects) await start(loop, effect)
  const events = (await Promise.all(effects.map((effect) => transition(loop, effect)))).flat()
  if (events.length > 0) await ledger.append(...events)
  return ledger.state.seq > seen
}

function transition({ ledger, ports }: Loop, effect: Effect): readonly EventBody[] | Promise<readonly EventBody[]> {
  switch (effect.effect) {
    case 'record':
      return [effect.event]
    case 'enter':
      return entering(ledger.state, effect, evaluationPorts(ports))
    case 'evaluate':
      return evaluate(ledger.state, effect, evaluationPorts(ports))
    default:
      return []
  }
}

type Halt = Omit<Extract<EventBody, { type: 'CompensationStarted' }>, 'type'>

function haltReason({ ledger, ports, stop }: Loop): Halt | undefined {
  const { state } = ledger
  if (state.status !== 'running' || isOnlyReading(state)) return undefined
  if (ports.unfit !== undefined) return { reason: 'failure', error: errorRecord(ports.unfit) }
  if (ledger.onlyBack !== undefined) return { reason: 'failure', error: errorRecord(ledger.onlyBack) }
  if (stop.aborted) return { reason: 'cancelled', error: errorRecord(new EarlyEnd('stopped')) }
  const deadline = deadlineOf(state)
  if (deadline === undefined || ports.clock.now() < deadline) return undefined
  const message = `not done in the ${state.machine.timeoutSeconds} s that the whole machine has`
  return { reason: 'timed-out', error: { kind: 'state-failed', name: 'States.Timeout', message } }
}

async function halt({ underWay, ledger }: Loop, why: Halt): Promise<boolean> {
  await underWay.landForward()
  underWay.throwFailure()
  if (ledger.state.status !== 'running') throw new EosflowError('bug', why.error.message)
  await ledger.append({ type: 'CompensationStarted', ...why })
  return true
}

async function start({ ledger, perform, underWay, dirty }: Loop, effect: Effect): Promise<void> {
  switch (effect.effect) {
    case 'task':
      return underWay.launch(effect.key, async (signal) => {
        await perform.task(effect, signal)
        // Nothing on record says that it was ended: a switch that it has armed meanwhile needs it again.
        if (isSuspended(signal)) dirty.add(effect.path)
      })
    case 'undo':
      return underWay.launch(effect.key, (signal) => perform.undo(effect.device, signal), 'back')
    case 'network':
      return underWay.launch(effect.key, (signal) => perform.network(effect.device, signal))
    case 'around':
      return underWay.launch(effect.key, (signal) => perform.around(signal))
    case 'probes':
      return underWay.launch(effect.key, () => perform.probes())
    case 'takeBack':
      return underWay.launch(effect.key, (signal) => perform.takeBack(effect.write, signal), 'back')
    case 'end':
      // What a crash left open is closed here: the undo asks the switch itself.
      if (underWay.has(effect.key)) return underWay.abort(effect.key, effect.why)
      return ledger.append(effect.event)
    case 'record':
    case 'enter':
    case 'evaluate':
    case 'wake':
    case 'listen':
      return
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
