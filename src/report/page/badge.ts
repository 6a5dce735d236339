import { attributes, type Html, html } from './html.ts'

export type Tone = 'ok' | 'run' | 'live' | 'bad' | 'undo' | 'idle'

/** A state as a shape, a word and a colour, so that no reader needs the colour. */
export interface Badge {
  readonly tone: Tone
  readonly shape: '●' | '◐' | '◔' | '✕' | '↺' | '○' | '▲'
  readonly word: string
}

export function badge({ tone, shape, word }: Badge): Html {
  return html`<span ${attributes({ class: `st ${tone}` })}><span aria-hidden="true">${shape}</span>${word}</span>`
}

const STANDINGS: Readonly<Record<string, Badge>> = {
  succeeded: { tone: 'ok', shape: '●', word: 'succeeded' },
  tolerated: { tone: 'live', shape: '▲', word: 'succeeded, some failed' },
  'nothing-to-do': { tone: 'idle', shape: '○', word: 'nothing to do' },
  planned: { tone: 'idle', shape: '○', word: 'planned' },
  refused: { tone: 'live', shape: '✕', word: 'refused' },
  'rolled-back': { tone: 'undo', shape: '↺', word: 'rolled back' },
  cancelled: { tone: 'undo', shape: '↺', word: 'cancelled' },
  failed: { tone: 'bad', shape: '✕', word: 'failed' },
  unknown: { tone: 'bad', shape: '✕', word: 'unknown' },
  waiting: { tone: 'run', shape: '◔', word: 'waits for approval' },
  'waiting-for-signal': { tone: 'run', shape: '◔', word: 'waits for an answer' },
  suspended: { tone: 'idle', shape: '◔', word: 'suspended' },
  running: { tone: 'run', shape: '◐', word: 'running' },
  compensating: { tone: 'undo', shape: '◐', word: 'putting back' },
  open: { tone: 'live', shape: '▲', word: 'open, nobody runs it' },
}

/** The badge of an execution by its standing (`standingWord`, report/execution/row.ts). */
export function standingBadge(standing: string): Badge {
  return STANDINGS[standing] ?? { tone: 'idle', shape: '○', word: standing }
}

/** The words of every standing, in the order in which a filter offers them. */
export const STANDING_WORDS: readonly (readonly [standing: string, word: string])[] = Object.entries(STANDINGS).map(
  ([standing, { word }]) => [standing, word],
)
