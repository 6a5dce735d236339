import { EosflowError } from '../model/error.ts'
import type { Fence } from '../model/fence.ts'
import type { Device } from './device.ts'
import { loggedInAgain } from './log-in-again.ts'
import { type Logins, oneLogin } from './logins.ts'
import type { Credential, DeviceTarget, Fleet, Role, Transport } from './transport.ts'

/** Gives the credential of a switch at the moment it is needed. */
export type CredentialOf = (device: string) => Promise<Credential>

/**
 * A {@link Fleet} over one transport: connections are opened when first asked for and kept until renewed. It is that of the role
 * `write`, until it is asked for another. `fence` gives the proof under which a switch is written to.
 */
export function fleetOf(
  targets: readonly DeviceTarget[],
  transport: Transport,
  logins: Logins | CredentialOf,
  fence: (device: string) => Promise<Fence>,
): Fleet {
  const byName = new Map(targets.map((target) => [target.name, target]))
  const users = typeof logins === 'function' ? oneLogin(logins) : logins
  const pools: Connections[] = []

  const connect = async (name: string, user: string): Promise<Device> => {
    const target = byName.get(name)
    if (target === undefined) throw new EosflowError('bug', `no such switch in this execution: ${name}`)
    return loggedInAgain((login) => transport.connect(target, login, () => fence(name)), target, users, user)
  }
  const newPool = (): Connections => {
    const pool = connections(connect)
    pools.push(pool)
    return pool
  }
  const fleet = (role: Role, pool: Connections): Fleet => ({
    device: async (name) => pool.device(name, users.userOf(name, role)),
    renew: async (name) => {
      await pool.drop(name)
      return pool.device(name, users.userOf(name, role))
    },
    logInAnew: async (name) => {
      const user = users.userOf(name, role)
      const device = await connect(name, user)
      return { device, adopt: () => pool.replace(name, user, device), giveUp: () => device.close() }
    },
    user: (name) => users.userOf(name, role),
    as: (other) => fleet(other, pool),
    apart: () => fleet(role, newPool()),
    requireLogin: (name, milliseconds) => users.requireGoodFor(name, users.userOf(name, role), milliseconds),
    close: async () => {
      await Promise.all(pools.map((each) => each.dropAll()))
      await users.close()
    },
  })
  return fleet('write', newPool())
}

/** Open connections: at most one for each user of each switch. */
interface Connections {
  device(name: string, user: string): Promise<Device>
  /** Keeps a connection in the place of the user's older one, which is closed. */
  replace(name: string, user: string, by: Device): Promise<void>
  drop(name: string): Promise<void>
  dropAll(): Promise<void>
}

function connections(connect: (name: string, user: string) => Promise<Device>): Connections {
  /** The open connections of a switch, by user. */
  const open = new Map<string, Map<string, Promise<Device>>>()
  const drop = async (name: string): Promise<void> => {
    const held = [...(open.get(name)?.values() ?? [])]
    open.delete(name)
    await closeAll(held)
  }
  return {
    device: (name, user) => {
      const ofSwitch = open.get(name) ?? new Map<string, Promise<Device>>()
      const held = ofSwitch.get(user)
      if (held !== undefined) return held
      const made = connect(name, user)
      open.set(name, ofSwitch.set(user, made))
      made.catch(() => {
        if (ofSwitch.get(user) === made) ofSwitch.delete(user)
      })
      return made
    },
    replace: async (name, user, by) => {
      const ofSwitch = open.get(name) ?? new Map<string, Promise<Device>>()
      const older = ofSwitch.get(user)
      open.set(name, ofSwitch.set(user, Promise.resolve(by)))
      await closeAll(older === undefined ? [] : [older])
    },
    drop,
    dropAll: async () => {
      await Promise.all([...open.keys()].map(drop))
    },
  }
}

/** What was never open needs no closing. */
async function closeAll(held: readonly Promise<Device>[]): Promise<void> {
  await Promise.all(
    held.map((made) =>
      made.then(
        (connection) => connection.close(),
        () => undefined,
      ),
    ),
  )
}
