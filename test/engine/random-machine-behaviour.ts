import { drawOf } from './random-machine-draw.ts'
import { ERRORS } from './random-machine-handling.ts'

/** What an outside system says about a token, so many milliseconds after it was given it. */
export interface Answer {
  readonly after: number
  readonly signal: 'success' | 'failure' | 'heartbeat'
}

/** How one attempt at one visit of a state goes. */
export interface Behaviour {
  /** How long it takes, in milliseconds. Long and odd, so that no two things end at once. */
  readonly takes: number
  readonly gives: number
  /** What it fails with, at its end. */
  readonly fails: string | undefined
  /** Whether a write that fails has been done nevertheless. */
  readonly doneThough: boolean
  /** Whether it never ends by itself. */
  readonly hangs: boolean
  readonly answers: readonly Answer[]
}

/** A function of the seed and the attempt alone: nothing else decides what the fake world does. */
export function behaviourOf(seed: number, visit: string, attempt: number): Behaviour {
  const draw = drawOf(seed, `${visit}:${attempt}`)
  const takes = draw.between(1, draw.chance(0.2) ? 900_000 : 60_000)
  return {
    takes,
    gives: draw.between(0, 9),
    fails: draw.chance(0.17) ? draw.pick(ERRORS) : undefined,
    doneThough: draw.chance(0.5),
    hangs: draw.chance(0.05),
    answers: answersOf(seed, visit, attempt),
  }
}

/** Signs of life, one answer, and sometimes the same answer again; one in ten never answers. */
function answersOf(seed: number, visit: string, attempt: number): readonly Answer[] {
  const draw = drawOf(seed, `${visit}:${attempt} answers`)
  const beats = Array.from(
    { length: draw.between(0, 2) },
    (): Answer => ({ after: draw.between(1, 90_000), signal: 'heartbeat' }),
  )
  if (draw.chance(0.1)) return beats
  const after = draw.between(1, 300_000)
  const signal = draw.chance(0.8) ? 'success' : 'failure'
  const again: readonly Answer[] = draw.chance(0.3)
    ? [{ after: after + draw.between(0, 60_000), signal: 'success' }]
    : []
  return [...beats, { after, signal }, ...again]
}

/** How the undo of one visit of a state goes: how long it takes, and whether it fails. */
export function undoOf(seed: number, visit: string): { readonly takes: number; readonly fails: boolean } {
  const draw = drawOf(seed, `${visit} undo`)
  return { takes: draw.between(1, 60_000), fails: draw.chance(0.04) }
}
