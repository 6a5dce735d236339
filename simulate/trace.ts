import type { ExecutionState } from '../src/change/engine/state.ts'
import type { JournalEvent } from '../src/change/record/event/event.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import type { Box } from './box.ts'
import type { History } from './history.ts'
import type { Heard, Sent, Watch } from './watch.ts'

/** Everything that happened in a history, a line each: what a failing seed shows, and what a replay must repeat. */
export class Trace implements Watch {
  readonly lines: string[] = []
  readonly #history: History

  constructor(history: History) {
    this.#history = history
  }

  appended(life: Life | undefined, events: readonly JournalEvent[]): void {
    for (const event of events) this.#line(life, `${event.seq} ${wordsOf(event)}`)
  }

  sent({ life, device, request: { verb, session } }: Sent): void {
    this.#line(life, `  -> ${device} ${verb} ${session}`)
  }

  carriedOut({ life, request: { verb } }: Sent, box: Box, ok: boolean): void {
    this.#line(life, `  == ${box.name} ${verb} ${ok ? 'done' : 'refused'}: ${stateOf(box)}`)
  }

  heard({ life, device, request: { verb } }: Sent, how: Heard): void {
    this.#line(life, `  <- ${device} ${verb} ${how}`)
  }

  moved(box: Box, why: string): void {
    this.#line(undefined, `     ${box.name} ${why}: ${stateOf(box)}`)
  }

  ended(execution: string, { outcome }: ExecutionState): void {
    this.#line(undefined, `${execution} has ended: ${outcome}`)
  }

  note(text: string): void {
    this.#line(undefined, text)
  }

  #line(life: Life | undefined, text: string): void {
    const seconds = (this.#history.timeline.now / 1000).toFixed(3).padStart(9)
    this.lines.push(`${seconds} ${life === undefined ? ' ' : life.number} ${text}`)
  }
}

function wordsOf(event: JournalEvent): string {
  const { type, device, act, session, state, path, outcome, found, end, detail, error, reason } =
    event as JournalEvent & Readonly<Record<string, unknown>>
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined
  return [type, device, act, session, state ?? path, outcome, found, end, reason, detail ?? message]
    .filter((word) => typeof word === 'string' && word !== '')
    .join(' ')
}

function stateOf(box: Box): string {
  const { main, rival, byHand } = box.running
  const sessions = box.device.sessions.all().map(({ name, state }) => `${name} ${state}`)
  const parts = [
    main === 'none' ? 'base' : `${main} of the change`,
    ...(rival === 'none' ? [] : [`${rival} of the rival's`]),
    ...(byHand === '' ? [] : [`by hand: ${byHand}`]),
    box.isSaved ? 'saved' : 'unsaved',
    ...sessions,
  ]
  return parts.join(', ')
}
