import { EosflowError, errorRecord } from '../../model/error.ts'
import type { EventBody } from '../record/event/event.ts'
import type { Effect } from './effect.ts'
import { EarlyEnd, isSuspended, newEffectsUnderWay, newListening } from './effects-under-way.ts'
import { evaluate } from './evaluate.ts'
import { openLedger } from './ledger.ts'
import { deadlineOf, effectsOf, type Loop } from './loop.ts'
import { isOnlyReading } from './network.ts'
import { entering, performer } from './perform.ts'
import type { EnginePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'
import { liveSwitches, workToEnd } from './suspend.ts'
import { newTimers } from './timers.ts'
import { evaluationPorts } from './transition-context.ts'

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
