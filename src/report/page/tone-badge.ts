import type { ExecutionView, Tone } from '../view/execution-view.ts'
import { type Badge, badge } from './badge.ts'
import type { Html } from './html.ts'

// The shape of a state, so that no reader needs its colour.
const SHAPE: Readonly<Record<Tone, Badge['shape']>> = {
  idle: '○',
  run: '◐',
  live: '◔',
  ok: '●',
  undo: '↺',
  bad: '✕',
}

export function toneBadge({ tone, word }: ExecutionView['mark']): Html {
  return badge({ tone, shape: SHAPE[tone], word })
}
