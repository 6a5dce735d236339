import type { FreezeRecord } from '../../change/record/store/freeze.ts'
import { problemOf } from '../../model/problem.ts'
import { freezesInForce } from '../../project/access/policy/freeze-in-force.ts'
import { writeAllowed } from '../../project/access/policy/write-allowed.ts'
import type { RecordApp } from '../../project/app/app.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { passClock } from '../../project/system/process/pass-clock.ts'
import { type EndedFreezes, freezeLine } from '../../report/phrases/freeze.ts'
import { requireMayFreeze } from './set-freeze.ts'

export interface EndRequest {
  readonly reason: string
  readonly freeze?: number | undefined
  readonly all?: boolean | undefined
}

/** Ends freezes before their time, on record. Throws as the policy does, and InputError where no freeze has the number, or several are in force and none is named. */
export async function endFreezes(
  app: RecordApp,
  caller: Caller,
  { reason, freeze, all }: EndRequest,
): Promise<EndedFreezes> {
  const allowed = await requireMayFreeze(app, caller, { brakes: false })
  const inForce = await freezesInForce(app)
  const ended = chosen(app, inForce, { freeze, all })
  if (ended.length === 0) return { ended, left: [] }
  await passClock(app.clockRule, caller)
  const { principal } = caller
  await writeAllowed(app, caller, allowed, (by) =>
    ended.map(({ seq }) => ({ type: 'FreezeEnded', principal, freeze: seq, reason, ...by })),
  )
  return { ended, left: await freezesInForce(app) }
}

function chosen(
  { words }: Pick<RecordApp, 'words'>,
  inForce: readonly FreezeRecord[],
  { freeze, all }: Omit<EndRequest, 'reason'>,
): readonly FreezeRecord[] {
  const listed = inForce.length === 0 ? '' : `: ${inForce.map(freezeLine).join('; ')}`
  if (freeze !== undefined) {
    const found = inForce.filter(({ seq }) => seq === freeze)
    if (found.length > 0) return found
    const message = `no freeze of this number is in force${listed}`
    throw new InputError([problemOf(`freeze ${freeze}`, 'no-such-freeze', message)])
  }
  if (all === true || inForce.length <= 1) return inForce
  throw new InputError([
    problemOf(
      'freeze',
      'several-freezes',
      `${inForce.length} freezes are in force, and none is named${listed}`,
      words({ code: 'choose-freeze' }),
    ),
  ])
}
