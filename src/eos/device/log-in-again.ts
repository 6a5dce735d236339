import { EosflowError } from '../../model/error.ts'
import type { Device } from './device.ts'
import { isSameLogin, type Logins } from './logins.ts'
import { patienceOf } from './patience.ts'
import type { Credential, DeviceTarget } from './transport.ts'
import { type DeviceCaller, wrapDevice } from './wrap-device.ts'

/**
 * A new connection whose reads live through a change of the password: when the switch refuses the user, its keeper is asked again,
 * and if it has something else by now, the read is sent once more over a new connection. What writes is never sent again.
 */
export async function loggedInAgain(
  connect: (credential: Credential) => Promise<Device>,
  target: DeviceTarget,
  logins: Logins,
  user: string,
): Promise<Device> {
  const connected = async (credential: Credential) => ({ credential, device: await connect(credential) })
  let current = await connected(await logins.credential(target.name, user))

  /** The connection that stands in for one that was refused; undefined where the keeper has nothing else. */
  const replaced = async (refused: typeof current): Promise<Device | undefined> => {
    if (current !== refused) return current.device
    const fresh = await logins.credential(target.name, user, 'again')
    if (isSameLogin(refused.credential, fresh)) return current === refused ? undefined : current.device
    const made = await connected(fresh)
    if (current !== refused) {
      await made.device.close()
      return current.device
    }
    current = made
    await refused.device.close()
    return made.device
  }
  const read: DeviceCaller = async (ask) => {
    const used = current
    try {
      return await ask(used.device)
    } catch (error) {
      if (!(error instanceof EosflowError) || error.kind !== 'unauthenticated') throw error
      const device = await replaced(used)
      if (device === undefined) throw error
      return ask(device)
    }
  }
  const close = (): Promise<void> => current.device.close()
  return wrapDevice(
    { name: target.name, ...patienceOf(target), close },
    { read, write: (send) => send(current.device) },
  )
}
