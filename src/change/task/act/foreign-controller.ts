import type { Look } from '../../../eos/device/device.ts'
import { isOpen } from '../../../eos/device/session-table.ts'
import { EosflowError } from '../../../model/error.ts'
import type { TaskContext } from './context.ts'
import { read } from './read.ts'
import { OWN_SESSIONS } from './session-name.ts'

const LOOKS = 4
const PAUSE = 2_000

/**
 * Gives the look once no other controller has a config session open on the switch. Throws `busy` when one stays: another
 * eosflow, with a store of its own, is about to change the switch (docs/fault-model.md row 19).
 */
export async function awaitNoController(context: TaskContext<unknown>, name: string, first: Look): Promise<Look> {
  let look = first
  for (let looks = 1; ; looks++) {
    const foreign = await foreignController(context, look)
    if (foreign === undefined) return look
    if (looks === LOOKS) throw held(name, foreign)
    await context.clock.sleep(PAUSE, context.signal)
    look = await read(context, name, (device) => device.look([]))
  }
}

async function foreignController(context: TaskContext<unknown>, { sessions }: Look) {
  for (const [session, state] of Object.entries(sessions.sessions)) {
    if (!session.startsWith(OWN_SESSIONS) || !isOpen(state)) continue
    if (!(await context.isOfThisStore(session))) return session
  }
  return undefined
}

function held(name: string, session: string) {
  return new EosflowError('busy', `${name}: another execution of eosflow has the config session ${session} open`, {
    device: name,
    hint: `Wait for it to end. If it is long over: eosflow sessions gc --all-eosflow -t ${name}`,
  })
}
