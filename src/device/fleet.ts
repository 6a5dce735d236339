import { EosflowError } from '../model/error.ts'
import type { Device } from './device.ts'
import { loggedInAgain } from './log-in-again.ts'
import { type Logins, oneLogin } from './logins.ts'
import type { Credential, DeviceTarget, Fleet, Role, Transport } from './transport.ts'

/** Gives the credential of a switch at the moment it is needed. */
export type CredentialOf = (device: string) => Promise<Credential>

/**
 * A {@link Fleet} over one transport: connections are opened when first asked for and kept until renewed. It is that of the role
 * `write`, until it is asked for another.
 */
export function fleetOf(targets: readonly DeviceTarget[], transport: Transport, logins: Logins | CredentialOf): Fleet {
  const byName = new Map(targets.map((target) => [target.name, target]))
  const users = typeof logins === 'function' ? oneLogin(logins) : logins
  /** The open connections of a switch, by user. */
  const open = new Map<string, Map<string, Promise<Device>>>()

  const connect = async (name: string, user: string): Promise<Device> => {
    const target = byName.get(name)
    if (target === undefined) throw new EosflowError('bug', `no such switch in this execution: ${name}`)
    return loggedInAgain(transport, target, users, user)
  }
  const device = (name: string, user: string): Promise<Device> => {
    const ofSwitch = open.get(name) ?? new Map<string, Promise<Device>>()
    const held = ofSwitch.get(user)
    if (held !== undefined) return held
    const made = connect(name, user)
    open.set(name, ofSwitch.set(user, made))
    made.catch(() => {
      if (ofSwitch.get(user) === made) ofSwitch.delete(user)
    })
    return made
  }
  const drop = async (name: string): Promise<void> => {
    const held = [...(open.get(name)?.values() ?? [])]
    open.delete(name)
    await Promise.all(
      held.map((made) =>
        made.then(
          (connection) => connection.close(),
          () => undefined,
        ),
      ),
    )
  }
  const as = (role: Role): Fleet => ({
    device: async (name) => device(name, users.userOf(name, role)),
    renew: async (name) => {
      await drop(name)
      return device(name, users.userOf(name, role))
    },
    as,
    requireLogin: (name, milliseconds) => users.requireGoodFor(name, users.userOf(name, role), milliseconds),
    close: async () => {
      await Promise.all([...open.keys()].map(drop))
      await users.close()
    },
  })
  return as('write')
}
