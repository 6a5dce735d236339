import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AbsentSwitch } from './absent-switch.ts'
import type { TaskContext } from './context.ts'
import { combined } from './on-each.ts'
import { isTransient } from './read.ts'

type MayBeAbsent = (device: string) => boolean

/**
 * Does the same to every switch at once and waits for all. Switches that do not answer are left out where the execution may go on
 * without them; every other failure, and each of them where it may not, is thrown as by `onEach`.
 */
export async function onEachPresent<T>(
  context: Pick<TaskContext<unknown>, 'leaveOut' | 'answered'>,
  devices: readonly string[],
  act: (device: string) => Promise<T>,
  mayBeAbsent: MayBeAbsent = () => true,
): Promise<T[]> {
  let done = 0
  const told = async (device: string) => {
    try {
      return await act(device)
    } finally {
      context.answered?.({ done: ++done, of: devices.length })
    }
  }
  const settled = await Promise.allSettled(devices.map(told))
  const failures = settled.flatMap((one, index) =>
    one.status === 'rejected' ? [named(devices[index] ?? '', one.reason as unknown)] : [],
  )
  const absent = failures.filter((one): one is AbsentSwitch => isAbsent(one) && mayBeAbsent(one.device))
  const isOnlyAbsence = absent.length === failures.length
  if (failures.length > 0 && !(isOnlyAbsence && (await context.leaveOut(absent)))) {
    throw combined(failures.map(({ error }) => error))
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

function named(device: string, error: unknown) {
  if (!(error instanceof EosflowError) || !isTransient(error) || error.message.includes(device))
    return { device, error }
  const { kind, message, hint } = error
  const options = { device: error.device ?? device, cause: error, ...definedMembers({ hint }) }
  return { device, error: new EosflowError(kind, `${device}: ${message}`, options) }
}

function isAbsent({ device, error }: { readonly device: string; readonly error: unknown }) {
  return error instanceof EosflowError && isTransient(error) && (error.device ?? device) === device
}
