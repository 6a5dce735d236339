import type { ExecutionState } from '../../change/engine/state.ts'
import type { Envelope, EventBody } from '../../change/record/event/event.ts'

export interface StatesAround {
  readonly before: ExecutionState
  readonly after: ExecutionState
  readonly gap?: { readonly from: number; readonly to: number } | undefined
}

// What a line of progress begins with, and the tone of what is said behind it.
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

export interface ShortWords {
  readonly words: string
  readonly mark: keyof typeof MARKS
  readonly tone: (typeof MARKS)[keyof typeof MARKS]
  readonly look?: 'bold' | 'dim'
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

export interface WordsRow<B> {
  readonly long: LongForm<B>
  /** For whoever watches an execution; absent, and undefined of an event, where it says nothing to them. */
  readonly short?: ShortForm<B>
  readonly terminal?: ShortForm<B>
  readonly page?: (event: Envelope & B, states: StatesAround) => ShortWords | undefined
}

export type WordsTable = { readonly [B in EventBody as B['type']]: WordsRow<B> | LongForm<B> }
