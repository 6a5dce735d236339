import type { Schedule } from '../../change/schedule/schedule.ts'
import type { AfterLook } from '../../model/after.ts'
import { messageOf } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { InputError, problemText } from '../../project/system/process/input-error.ts'

/** One occurrence of a schedule. */
export interface Occurrence {
  readonly schedule: Schedule
  /** Milliseconds since the epoch. */
  readonly instant: number
  /** What it is known by: whatever it begins, it begins under this key. */
  readonly key: string
  /** Whom the policy judges. */
  readonly principal: Principal
}

/** What came of an occurrence. */
export interface OccurrenceEnd {
  readonly outcome: 'ok' | 'failed'
  /** In one sentence. */
  readonly reason: string
  /** The execution that it has begun. */
  readonly begun?: string
  /** What an after-watch has found. */
  readonly looked?: AfterLook
}

/** An occurrence that has thrown. */
export function failureOf(error: unknown): OccurrenceEnd {
  return { outcome: 'failed', reason: wordsOf(error) }
}

function wordsOf(error: unknown): string {
  if (error instanceof InputError)
    return error.problems.map((one) => problemText(one).replaceAll(/\s*\n\s*/g, ': ')).join('; ')
  return messageOf(error)
}
