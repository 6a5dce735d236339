import type { EventBody } from '../../change/record/event/event.ts'
import { type ActOnceContext, actOnce } from '../../change/task/act/act-once.ts'
import { read } from '../../change/task/act/read.ts'
import type { RenderedChange } from '../../change/task/act/rendered-change.ts'
import type { StageResult } from '../../eos/device/device.ts'
import { isOpen } from '../../eos/device/session-table.ts'
import type { Fleet } from '../../eos/device/transport.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { App } from '../../project/app/app.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { readersOf } from '../../project/switches/connect/read-each.ts'
import { abortSession } from '../../project/switches/sessions/collect.ts'
import { systemRandom } from '../../project/system/machine/system-random.ts'
import { hinted } from '../../project/system/process/hinted.ts'

/** A list of sessions may lag behind what was done: it is looked at so often, with pauses in milliseconds. */
const LOOKS = 5
const PAUSE = 1_500

/**
 * Has a switch compute a change in a config session that belongs to no execution, by the user that plans. The request that opens the session aborts it; it is aborted again where that
 * was not heard, and the switch is asked, by the user that reads, whether it is gone. Nothing is ever committed. Each act is on record.
 */
export async function stageAlone(
  app: App,
  caller: Caller,
  fleet: Fleet,
  name: string,
  { mode, commands }: Pick<RenderedChange, 'mode' | 'commands'>,
): Promise<StageResult> {
  const session = `eosflow-${(app.seams?.random ?? systemRandom).hex(4)}-1`
  const append = async (event: EventBody): Promise<void> => {
    await app.journalAs(caller.principal).append(undefined, [event])
  }
  const log: ActOnceContext['log'] = {
    intended: (device, kind, detail) => append({ type: 'ActIntended', device, act: kind, ...detail }),
    finished: (device, kind, detail) => append({ type: 'ActFinished', device, act: kind, ...detail }),
  }
  const staged = await actOnce({ fleet, log }, name, 'stage', { session }, (device) =>
    device.stage({ session, mode, commands }),
  ).catch((failure: unknown) => ({ failure }))
  const own = { name, session }
  if ('failure' in staged) {
    const { failure } = staged
    // Of what cannot have arrived nothing can be left.
    if (!(failure instanceof EosflowError) || failure.kind !== 'refused') throw failure
    await requireGone(app, caller, fleet, own, 'seen')
    throw failure
  }
  await requireGone(app, caller, fleet, own, staged.outcome === 'done' ? 'heard' : 'lost')
  if (staged.outcome === 'done') return staged.result
  const message = `${name}: the answer to its config session was lost; nothing was committed, and the session is gone`
  throw new EosflowError('lost-answer', message, { device: name, hint: 'Compare it again.' })
}

/**
 * What is known of the session: the switch has said that it did all that was asked, or that it stopped in the middle, where a list of sessions shows what is left; or its answer was
 * lost, and a list that lags may not show yet what is left.
 */
type Known = 'heard' | 'seen' | 'lost'

/** The session of a comparison, and its switch. */
interface Own {
  readonly name: string
  readonly session: string
}

/** Aborts the session while it is there. Throws `refused` where it stays, and names it: nothing of it is in force. */
async function requireGone(
  app: App,
  caller: Caller,
  fleet: Fleet,
  { name, session }: Own,
  known: Known,
): Promise<void> {
  const readers = readersOf(app, caller, fleet.as('read'))
  const isThere = async (): Promise<boolean> => {
    const { sessions } = await read(readers, name, (device) => device.look([])).catch((cause: unknown) => {
      throw left(app, { name, session }, `: it does not say whether that is gone: ${messageOf(cause)}`, cause)
    })
    const state = sessions.sessions[session]
    return state !== undefined && isOpen(state)
  }
  let said: string | undefined
  let wasSeen = known !== 'lost'
  for (let looks = 1; looks <= LOOKS; looks++) {
    if (looks > 1) await app.clock.sleep(PAUSE)
    if (await isThere()) {
      wasSeen = true
      said = await abortSession(app, caller, fleet, { device: name, session, lets: undefined })
    } else if (wasSeen) return
  }
  if (await isThere()) throw left(app, { name, session }, said === undefined ? '' : `: ${said}`)
}

function left(app: App, { name: device, session }: Own, why: string, cause?: unknown): EosflowError {
  const message = `${device}: config session ${session} may still be there, and nothing of it was committed${why}`
  return new EosflowError('refused', message, { device, cause, ...hinted(app, { code: 'collect-sessions' }) })
}
