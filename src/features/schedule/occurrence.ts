import type { Schedule } from '../../change/schedule/schedule.ts'
import type { AfterLook } from '../../model/after.ts'
import { messageOf } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { InputError, problemText } from '../../project/system/process/input-error.ts'

export interface Occurrence {
  readonly schedule: Schedule
  /** Milliseconds since the epoch. */
  readonly instant: number
  /** What it is known by: whatever it begins, it begins under this key. */
  readonly key: string
  readonly principal: Principal
}

export interface OccurrenceEnd {
  readonly outcome: 'ok' | 'failed'
  readonly reason: string
  readonly begun?: string
  readonly looked?: AfterLook
}

export function failureOf(error: unknown): OccurrenceEnd {
  return { outcome: 'failed', reason: wordsOf(error) }
}

function wordsOf(error: unknown) {
  if (error instanceof InputError)
    return error.problems.map((one) => problemText(one).replaceAll(/\s*\n\s*/g, ': ')).join('; ')
  return messageOf(error)
}
