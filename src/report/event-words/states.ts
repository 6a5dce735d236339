import { isStoppedTooLate } from '../../change/engine/outcome.ts'
import { mapsAround } from '../../change/engine/scope-path.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import { spokenSwitches } from '../phrases/spoken.ts'
import { clockTime } from '../text/clock-time.ts'
import { count, duration, short } from '../text/count.ts'
import { brief, errorWords, given, parts, placeOf, withoutChecks } from './phrase.ts'
import { type StatesAround, tell, type WordsTable } from './row.ts'

type Of<T extends EventBody['type']> = Extract<EventBody, { readonly type: T }>

export const STATE_WORDS = {
  StateEntered: placeOf,
  TaskScheduled: (event) =>
    parts(
      `${placeOf(event)} is due with ${brief(event.arguments)}`,
      given(event.timeoutSeconds, (seconds) => `within ${duration(seconds)}`),
      given(event.heartbeatSeconds, (seconds) => `heartbeat every ${duration(seconds)}`),
    ),
  TaskStarted: {
    long: placeOf,
    terminal: ({ state, device }) => (device === undefined ? tell(`${state} …`, '', { look: 'dim' }) : undefined),
  },
  TaskSucceeded: {
    long: (event) =>
      parts(
        placeOf(event),
        given(event.exited?.output, (output) => `leaves ${brief(output)}`),
        given(event.exited?.assigned, (assigned) => `assigned ${brief(assigned)}`),
      ),
    page: ({ path, state: name, device }, { before }) => {
      const state = before.scopes.get(path)?.machine.states[name]
      const isVerified = device !== undefined && state?.kind === 'Task' && state.task === 'verify'
      return isVerified ? tell('verified', '  ✔ ') : undefined
    },
  },
  TaskSubmitted: {
    long: (event) => `${placeOf(event)} waits for an answer from outside, token ${short(event.token)}`,
    short: (event) =>
      tell(`${placeOf(event)}: waiting for an answer from outside (token ${short(event.token)})`, '', { tone: 'live' }),
  },
  TaskHeartbeat: (event) => `${placeOf(event)}: the outside system is alive (record ${event.signal})`,
  TaskFailed: {
    long: failedAt,
    terminal: ({ state, device, error }) =>
      device !== undefined && error.kind === 'cancelled'
        ? tell(`${state} ended early`, '  ')
        : tell(`${state}: ${error.message}`, '✖ ', { isWhole: true }),
    page: failed,
  },
  TaskTimedOut: { long: failedAt, terminal: ({ error }) => tell(error.message, '✖ '), page: failed },
  TaskWaiting: {
    long: (event) => `${placeOf(event)} waits for an approval of ${event.plan}`,
    terminal: ({ plan }) => tell(`waiting for an approval of ${plan}`),
    page: ({ plan }) => tell(`Waits for an approval of plan ${short(plan)}`, '', { tone: 'live' }),
  },
  MapStarted: {
    long: (event) =>
      parts(
        `${placeOf(event)}: ${count(event.items.length, 'item')} ${brief(event.items)}`,
        event.maxConcurrency !== 0 && `${event.maxConcurrency} at a time`,
        event.tolerated !== undefined && event.tolerated !== 0 && `${event.tolerated} may fail`,
      ),
    page: waveBegins,
  },
  MapFailed: failedAt,
  ParallelStarted: placeOf,
  ParallelFailed: failedAt,
  WaitStarted: {
    long: (event) => `${placeOf(event)} waits until ${event.until}`,
    short: (event) => tell(`${placeOf(event)} waits until ${clockTime(event.until)}`, '', { look: 'dim' }),
  },
  EvaluationFailed: {
    long: (event) => `${evaluated(event)}: ${errorWords(event.error)}`,
    short: (event) => tell(`${evaluated(event)}: ${event.error.message}`, '✖ '),
  },
  RetryScheduled: {
    long: (event) =>
      `${placeOf(event)} is tried again at ${event.until} (retrier ${event.retrier + 1}) after ${errorWords(event.error)}`,
    short: (event) => tell(`${placeOf(event)}: attempt ${event.attempt} at ${clockTime(event.until)}`, '↻ '),
  },
  StateExited: {
    long: (event) =>
      parts(
        placeOf(event),
        given(event.caught, (caught) => `catcher ${caught + 1} took its error`),
        given(event.next, (next) => `on to ${next}`),
        given(event.assigned, (assigned) => `assigned ${brief(assigned)}`),
      ),
    short: (event) => {
      if (event.next === undefined) return undefined
      return event.caught === undefined
        ? tell(`${placeOf(event)}: on to ${event.next}`, '', { look: 'dim' })
        : tell(`${placeOf(event)}: its error is handled, on to ${event.next}`, '↷ ')
    },
  },
  StateFailed: failedAt,
  StateAborted: (event) => `${placeOf(event)}: ended, because another one beside it failed`,
  TaskUndoStarted: {
    long: (event) => `${placeOf(event)}: undoing what it did (record ${event.write})`,
    terminal: undoing,
    // Where the sites save nothing is undone.
    page: (event, { after }) => (isStoppedTooLate(after) ? undefined : undoing(event)),
  },
  TaskUndoFinished: {
    long: (event) =>
      event.error === undefined
        ? `${placeOf(event)}: what it did is undone`
        : `${placeOf(event)}: what it did could not be undone: ${errorWords(event.error)}`,
    terminal: undone,
    page: (event, { after }) => (event.error === undefined && isStoppedTooLate(after) ? undefined : undone(event)),
  },
} satisfies Partial<WordsTable>

type Failed = Of<'TaskFailed' | 'TaskTimedOut' | 'MapFailed' | 'ParallelFailed' | 'StateFailed'>

function failedAt(event: Failed) {
  return `${placeOf(event)}: ${errorWords(event.error)}`
}

function failed(event: Of<'TaskFailed' | 'TaskTimedOut'>) {
  const { device, error } = event
  if (error.kind === 'cancelled') return undefined
  const message = withoutChecks(error.message) ?? error.message
  if (device === undefined) return tell(`${placeOf(event)}: ${message}`, '✖ ')
  return tell(message.startsWith(`${device}: `) ? message.slice(device.length + 2) : message, '✖ ')
}

function evaluated(event: Of<'EvaluationFailed'>) {
  return `${placeOf(event)}${given(event.location, (location) => `, ${location}`)}`
}

function undoing(event: Of<'TaskUndoStarted'>) {
  return tell(`${placeOf(event)}: undoing what it did …`, '↺ ')
}

function undone(event: Of<'TaskUndoFinished'>) {
  return event.error === undefined
    ? tell(`${placeOf(event)}: undone`, '↺ ')
    : tell(`${placeOf(event)}: could not be undone: ${event.error.message}`, '? ')
}

function waveBegins(event: Of<'MapStarted'>, { after }: StatesAround) {
  const waves = after.plan?.waves ?? []
  const state = after.scopes.get(event.path)?.machine.states[event.state]
  const isOfWave = state?.kind === 'Map' && state.items.from === 'wave'
  const isFirst = mapsAround(after, event.path)[0]?.state.iterator.startAt === event.state
  if (!isOfWave || !isFirst || waves.length < 2) return undefined
  const names = event.items.map(String)
  const number = waves.findIndex((wave) => wave.includes(names[0] ?? '')) + 1
  return number === 0 ? undefined : tell(`Wave ${number} begins: ${spokenSwitches(names)}`)
}
