import type { Device } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import type { TaskContext } from './context.ts'
import { isRefusedLogin } from './refused-login.ts'

const ATTEMPTS = 3
const FIRST_PAUSE = 250

type Patience = Pick<TaskContext<unknown>, 'clock' | 'random' | 'signal'>

/** Reads from a switch; a read whose answer is lost or that cannot arrive is tried again over a new login, with jitter. Writes never come here. */
export async function read<T>(
  context: Pick<TaskContext<unknown>, 'fleet'> & Patience,
  device: string,
  ask: (device: Device) => Promise<T>,
): Promise<T> {
  return patiently(context, async (attempt) =>
    attempt === 1 ? ask(await context.fleet.device(device)) : askAnew(context, device, ask),
  )
}

/**
 * Asks over a new login, which takes the place of the open connection once it has answered. Where the switch takes none the open
 * connection is asked again: it may be the only way in that is left.
 */
async function askAnew<T>(
  { fleet }: Pick<TaskContext<unknown>, 'fleet'>,
  name: string,
  ask: (device: Device) => Promise<T>,
): Promise<T> {
  try {
    return await overNewLogin(fleet, name, ask)
  } catch (refused) {
    if (!isRefusedLogin(refused)) throw refused
    return ask(await fleet.device(name)).catch(() => {
      throw refused
    })
  }
}

async function overNewLogin<T>(
  fleet: TaskContext<unknown>['fleet'],
  name: string,
  ask: (device: Device) => Promise<T>,
): Promise<T> {
  const login = await fleet.logInAnew(name)
  try {
    const answer = await ask(login.device)
    await login.adopt()
    return answer
  } catch (error) {
    await login.giveUp().catch(() => undefined)
    throw error
  }
}

/** Asks again, with jitter, while nothing arrives or the answer is lost. */
export async function patiently<T>(
  { clock, random, signal }: Patience,
  ask: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(attempt)
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error) || signal.aborted) throw error
      await clock.sleep(FIRST_PAUSE * 2 ** attempt * (0.5 + random.fraction()), signal)
    }
  }
}

/** Whether asking again may help: nothing arrived, or the answer was lost. */
export function isTransient(error: unknown): boolean {
  return error instanceof EosflowError && (error.kind === 'unreachable' || error.kind === 'lost-answer')
}
