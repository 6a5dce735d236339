import { foldAll } from '../../change/engine/fold.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { isLive } from '../../change/engine/suspend.ts'
import { byPlace } from '../../change/record/event/cursor.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import type { FreezeRecord } from '../../change/record/store/freeze.ts'
import { EosflowError } from '../../model/error.ts'
import { requireAllowed, writeAllowed } from '../../project/access/policy/authority.ts'
import { freezesInForce } from '../../project/access/policy/freeze-in-force.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { inventoryOf } from '../../project/authoring/validate/settings-in-project.ts'
import { hasWritten } from '../../project/execution/may-begin/window.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import { passClock } from '../../project/system/process/pass-clock.ts'
import { type EndedFreezes, freezeLine, type SetFreeze } from '../../report/phrases/freeze.ts'

// How long a freeze is where nobody says it, in seconds: a night.
const A_NIGHT = 8 * 3600

// How long a freeze is at the most, in seconds.
const LONGEST = 7 * 24 * 3600

/** What is asked for: until when, in milliseconds since the epoch, or for how many seconds; else for a night. */
export interface FreezeRequest {
  readonly reason: string
  readonly until?: number
  readonly lasts?: number
}

/** Throws as the policy does, which is asked about every switch, and InputError for an end that is past or too far away. */
export async function setFreeze(
  app: RecordApp,
  caller: Caller,
  { reason, ...given }: FreezeRequest,
): Promise<SetFreeze> {
  const { rules, policy } = await requireMayFreeze(app, caller, { brakes: true })
  await passClock(app.clockRule, caller)
  const { latest } = await app.store.head()
  // A clock that is behind the record gives no shorter freeze than was asked for.
  const now = Math.max(app.clock.now(), latest === undefined ? 0 : Date.parse(latest))
  const until = endOf(app, given, now)
  const by = policy === null ? {} : { rules, policy }
  const event: EventBody = { type: 'FreezeSet', principal: caller.principal, reason, until, ...by }
  const [freeze] = await app.journalAs(caller.principal).append(undefined, [event])
  if (freeze?.type !== 'FreezeSet') throw new EosflowError('bug', 'the journal has written nothing')
  return { freeze, ...(await openBeside(app, freeze)) }
}

// Throws as the policy does.
async function requireMayFreeze(app: RecordApp, caller: Caller, { brakes }: { readonly brakes: boolean }) {
  const devices = inventoryOf(app.project)?.devices.map(({ name }) => name) ?? []
  return requireAllowed(app, caller, 'execution.stop', { devices, underway: true, brakes })
}

function endOf(
  { words }: Pick<RecordApp, 'words'>,
  { until, lasts = A_NIGHT }: Omit<FreezeRequest, 'reason'>,
  now: number,
) {
  const end = until ?? now + lasts * 1000
  const refused = (message: string, hint: string) =>
    inputError(words({ code: 'given', input: 'freeze-end' }), 'bad-end', message, hint)
  if (!(end > now)) throw refused(`the freeze would be over already: it is ${isoOf(now)}`, 'Give a later end.')
  if (end - now <= LONGEST * 1000) return isoOf(end)
  throw refused(
    `a freeze lasts at most 7 days: until ${isoOf(now + LONGEST * 1000)}`,
    'Give an earlier end. A longer freeze belongs into the policy: `freezes:` in policy.yaml.',
  )
}

const isoOf = (time: number) => new Date(time).toISOString()

async function openBeside({ store, claims }: RecordApp, freeze: FreezeRecord): Promise<Omit<SetFreeze, 'freeze'>> {
  const open: { readonly state: ExecutionState; readonly goesOn: boolean }[] = []
  for (const { id } of await store.openExecutions()) {
    const records = (await store.read(id)).filter((record) => byPlace(record, freeze) < 0)
    const state = foldAll(id, records)
    if (state.purpose !== 'run') continue
    const isUnderway = state.status === 'compensating' || isLive(state)
    open.push({ state, goesOn: isUnderway || (hasWritten(records) && (await claims.isClaimed(id))) })
  }
  const idsOf = (goesOn: boolean): readonly string[] =>
    open.flatMap((one) => (one.goesOn === goesOn ? [one.state.id] : []))
  return { goOn: idsOf(true), rest: idsOf(false) }
}

interface EndRequest {
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
    throw inputError(`freeze ${freeze}`, 'no-such-freeze', message)
  }
  if (all === true || inForce.length <= 1) return inForce
  throw inputError(
    'freeze',
    'several-freezes',
    `${inForce.length} freezes are in force, and none is named${listed}`,
    words({ code: 'choose-freeze' }),
  )
}
