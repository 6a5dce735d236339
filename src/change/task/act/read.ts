import type { Device } from '../../../eos/device/device.ts'
import { EosflowError, type ErrorKind } from '../../../model/error.ts'
import type { TaskContext } from './context.ts'

// How a switch says that it takes no new login, or says nothing: AAA, an access list, another key behind the port, a keeper that is silent.
const REFUSALS: ReadonlySet<ErrorKind> = new Set([
  'unreachable',
  'lost-answer',
  'unauthenticated',
  'tls',
  'protocol',
  'refused',
  'secret',
])

export function isRefusedLogin(error: unknown): error is EosflowError {
  return error instanceof EosflowError && REFUSALS.has(error.kind)
}

const ATTEMPTS = 3
const FIRST_PAUSE = 250

type Patience = Pick<TaskContext<unknown>, 'clock' | 'random' | 'signal'>

/** Writes never come here. */
export async function read<T>(
  context: Pick<TaskContext<unknown>, 'fleet'> & Patience,
  device: string,
  ask: (device: Device) => Promise<T>,
): Promise<T> {
  return patiently(context, async (attempt) =>
    attempt === 1 ? ask(await context.fleet.device(device)) : askAnew(context, device, ask),
  )
}

async function askAnew<T>(
  { fleet }: Pick<TaskContext<unknown>, 'fleet'>,
  name: string,
  ask: (device: Device) => Promise<T>,
) {
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
) {
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

export function isTransient(error: unknown): boolean {
  return error instanceof EosflowError && (error.kind === 'unreachable' || error.kind === 'lost-answer')
}
