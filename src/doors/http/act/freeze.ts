import { endFreezes, setFreeze } from '../../../features/freeze/set-freeze.ts'
import { problemOf } from '../../../model/problem.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import type { Perform } from '../context/act-context.ts'

export const freeze: Perform<'freeze'> = async ({ app }, caller, { reason, until }) => {
  const { freeze: set, goOn, rest } = await setFreeze(app, caller, { reason, ...endOf(until) })
  return { version: 1, freeze: set.seq, until: set.until, goOn, rest }
}

/** Ends freezes before their time; those of the policy stay. */
export const unfreeze: Perform<'unfreeze'> = async ({ app }, caller, { reason, freeze: number, all }) => {
  const { ended, left } = await endFreezes(app, caller, { reason, freeze: number, all })
  return { version: 1, ended: ended.map(({ seq }) => seq), left: left.map(({ seq }) => seq) }
}

function endOf(text: string | undefined): { readonly until?: number; readonly lasts?: number } {
  if (text === undefined) return {}
  const lasts = parseDuration(text)
  if (lasts !== undefined) return { lasts }
  const until = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(until)) return { until }
  throw new InputError([
    problemOf(
      'until',
      'bad-end',
      `\`${text}\` is neither a length nor a time`,
      'Write for example 2h, or 2026-12-18T06:00Z.',
    ),
  ])
}
