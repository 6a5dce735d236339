import { errorRecord } from '../model/error.ts'
import type { Effect } from './effect.ts'
import { cancelled, type Flights, newFlights } from './flights.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { drains, next } from './next.ts'
import { type Performer, performer } from './perform.ts'
import type { EnginePorts } from './ports.ts'
import type { ExecutionState } from './state.ts'

/**
 * Runs an execution until it ends or waits for a person: asks `next`, performs what it says, appends what happened,
 * and again. The only loop of the engine. When `stop` is aborted, everything under way ends at its next safe point and
 * every touched switch is put back. Throws `store` when the journal can no longer be written: from then on only the
 * switches' own timers act.
 */
export async function runExecution(
  start: ExecutionState,
  ports: EnginePorts,
  stop: AbortSignal,
): Promise<ExecutionState> {
  const ledger = openLedger(ports.journal, start)
  const perform = performer(ports, ledger)
  const flights = newFlights()
  const stopping = whenAborted(stop)
  try {
    while (await turn(ledger, perform, flights, ports, stop)) {
      if (flights.size === 0) continue
      const landed = flights.next()
      await (ledger.state.status === 'running' && !stop.aborted ? Promise.race([landed, stopping]) : landed)
    }
    return ledger.state
  } finally {
    await flights.land()
  }
}

/** One turn of the loop. False when there is nothing left to do. */
async function turn(
  ledger: Ledger,
  perform: Performer,
  flights: Flights,
  ports: EnginePorts,
  stop: AbortSignal,
): Promise<boolean> {
  flights.throwFailure()
  if (stop.aborted && ledger.state.status === 'running') {
    await flights.land()
    flights.throwFailure()
    await ledger.append({ type: 'CompensationStarted', reason: 'cancelled', error: errorRecord(cancelled()) })
  }
  const effects = next(ledger.state, ports.clock.now())
  const records = effects.flatMap((effect) => (effect.effect === 'record' ? [effect.event] : []))
  if (records.length > 0) {
    await ledger.append(...records)
    return turn(ledger, perform, flights, ports, stop)
  }
  for (const effect of effects) await start(effect, ledger, perform, flights, ports)
  return effects.length > 0 || flights.size > 0
}

async function start(
  effect: Effect,
  ledger: Ledger,
  perform: Performer,
  flights: Flights,
  ports: EnginePorts,
): Promise<void> {
  switch (effect.effect) {
    case 'task':
      return flights.launch(effect.key, (signal) => perform.task(effect, signal))
    case 'undo':
      return flights.launch(effect.key, (signal) => perform.undo(effect.device, signal))
    case 'sleep':
      return flights.launch(effect.key, (signal) => sleepUntil(ports, effect.until, signal))
    case 'drain':
      return drain(ledger, flights, effect)
    case 'record':
      return
  }
}

/** A pause that ends early is no failure: the loop asks `next` again. */
async function sleepUntil(ports: EnginePorts, until: number, signal: AbortSignal): Promise<void> {
  try {
    await ports.clock.sleep(Math.max(0, until - ports.clock.now()), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/**
 * A sibling has failed: what is under way is asked to end at its next safe point. A task that a crash left open is
 * closed as cancelled, because the rollback asks the switch itself.
 */
async function drain(
  ledger: Ledger,
  flights: Flights,
  { key, path, state, devices }: Extract<Effect, { effect: 'drain' }>,
): Promise<void> {
  if (flights.has(key)) return flights.abort(key)
  if (!drains(ledger.state, path).some((open) => open.effect === 'drain' && open.key === key)) return
  const place = { path, state: state.name, ...(devices.length === 1 ? { device: devices[0] ?? '' } : {}) }
  await ledger.append({ type: 'TaskFailed', ...place, error: errorRecord(cancelled()) })
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
