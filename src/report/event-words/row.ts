import type { ExecutionState } from '../../change/engine/state.ts'
import type { Envelope, EventBody } from '../../change/record/event/event.ts'

/** An execution before and after a record. */
export interface StatesAround {
  readonly before: ExecutionState
  readonly after: ExecutionState
  /** Absent where no process was missing before the record. */
  readonly gap?: { readonly from: number; readonly to: number } | undefined
}

/** What a line of progress begins with, and the tone of what is said behind it. */
const MARKS = {
  '': 'idle',
  '  ': 'idle',
  '  ○ ': 'idle',
  '  ✔ ': 'ok',
  '✖ ': 'bad',
  '  ✖ ': 'bad',
  '? ': 'bad',
  '  ? ': 'bad',
  '! ': 'live',
  '↻ ': 'live',
  '↷ ': 'live',
  '↺ ': 'undo',
} as const

/** What a record means in a few words. They do not name its switch. */
export interface ShortWords {
  readonly words: string
  readonly mark: keyof typeof MARKS
  readonly tone: (typeof MARKS)[keyof typeof MARKS]
  /** How a line of progress looks where its tone does not say it. */
  readonly look?: 'bold' | 'dim'
  /** The switch is named, or need not be. */
  readonly isWhole?: true
}

/** Short words, in the tone of their mark unless another one is given. */
export function tell(
  words: string,
  mark: ShortWords['mark'] = '',
  { tone = MARKS[mark], ...how }: Partial<Pick<ShortWords, 'tone' | 'look' | 'isWhole'>> = {},
): ShortWords {
  return { words, mark, tone, ...how }
}

type LongForm<B> = (event: B) => string
type ShortForm<B> = (event: Envelope & B) => ShortWords | undefined

/** The words of one type of event. */
export interface WordsRow<B> {
  /** For histories, exports and pages of the record. */
  readonly long: LongForm<B>
  /** For whoever watches an execution; absent, and undefined of an event, where it says nothing to them. */
  readonly short?: ShortForm<B>
  /** The short form of a terminal, where that is another one. */
  readonly terminal?: ShortForm<B>
  /** The short form of a page, where that is another one. */
  readonly page?: (event: Envelope & B, states: StatesAround) => ShortWords | undefined
}

/** A row for each type of event; what says nothing to whoever watches has its long form alone. */
export type WordsTable = { readonly [B in EventBody as B['type']]: WordsRow<B> | LongForm<B> }
