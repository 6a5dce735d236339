import { errorRecord } from '../../model/error.ts'
import type { InvariantsOfSwitch } from './invariants-of-switch.ts'

/** What switches run, judged by invariants, as one document, version 1. */
export function invariantsJson(judged: readonly InvariantsOfSwitch[]): string {
  const devices = judged.map((one) =>
    one.state === 'judged' ? one : { name: one.name, state: one.state, error: errorRecord(one.failure) },
  )
  return JSON.stringify({ version: 1, kind: 'invariants', devices })
}
