import { askedChecks, verifySwitches } from '../../../project/switches/check/asked-checks.ts'
import { checkResultsAs } from '../../../report/check-results/formats.ts'
import type { Perform } from '../context/act-context.ts'
import { requireSnapshotFor } from '../request/readable.ts'
import { askAnew } from './ask-anew.ts'

/** Verifies switches once by the catalog of the project. */
export const check: Perform<'check'> = async ({ app }, caller, { tags, only, since, targets }) => {
  if (since !== undefined) await requireSnapshotFor(app, caller, since)
  await askAnew(app, caller)
  const asked = await askedChecks(app, { tags, only, since, target: targets })
  const verified = await verifySwitches(app, caller, asked, 0)
  return JSON.parse(checkResultsAs.json(verified.flatMap(({ results }) => results)))
}
