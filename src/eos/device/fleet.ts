import { EosflowError } from '../../model/error.ts'
import type { Fence } from '../../model/fence.ts'
import { type ConnectionLimits, connectionPlaces, type Rest, type WaitingCaller } from './connection-places.ts'
import {
  type Credential,
  type Device,
  type DeviceCaller,
  type DeviceTarget,
  type DeviceVerb,
  type Fleet,
  patienceOf,
  type Role,
  type Transport,
  wrapDevice,
} from './device.ts'
import { eitherLogin, type TwoLogins } from './two-logins.ts'

type OpenConnection = (target: DeviceTarget, user: string, connect: () => Promise<Device>) => Device

// What goes before all else: a commit timer runs.
const URGENT: ReadonlySet<DeviceVerb> = new Set(['confirm', 'abort', 'save', 'restore'])

const LAST: ReadonlySet<DeviceVerb> = new Set(['abort', 'save', 'restore'])

/** Keeps at most so many connections open: each is a file of the process, and a system allows so many of them. */
export function openConnections(limits: ConnectionLimits): OpenConnection {
  const places = connectionPlaces(limits)
  const ways = waysIn(Math.floor(limits.usual / 2))
  return (target, user, connect) => {
    const whose = JSON.stringify([target.name, user])
    let held: Promise<Device> | undefined
    let waiting: WaitingCaller | undefined
    let speaking = 0
    let closed: Promise<void> | undefined
    const rest: Rest = () => {
      const resting = held
      held = undefined
      ways.gone(whose, way)
      void resting
        ?.then((last) => last.close())
        .catch(() => undefined)
        .finally(places.giveBack)
    }
    const way: Way = {
      letGo: () => {
        if (speaking === 0 && held !== undefined && closed === undefined && !ways.isBy(whose, way)) places.rests(rest)
      },
      keep: () => places.isTaken(rest),
    }
    const requireOpen = () => {
      if (closed !== undefined) throw new EosflowError('cancelled', `${target.name}: its connection was closed`)
    }
    const opened = async (isUrgent: boolean) => {
      await places.take(isUrgent, (one) => {
        waiting = one
      })
      waiting = undefined
      try {
        requireOpen()
        return await connect()
      } catch (error) {
        places.giveBack()
        throw error
      }
    }
    const device = (isUrgent: boolean) => {
      if (held !== undefined) {
        if (isUrgent) waiting?.hurry()
        return held
      }
      const made = opened(isUrgent)
      held = made
      made.catch(() => {
        if (held === made) held = undefined
      })
      return made
    }
    const speak: DeviceCaller = async (ask, verb) => {
      requireOpen()
      places.isTaken(rest)
      speaking += 1
      try {
        const open = await device(URGENT.has(verb))
        requireOpen()
        if (verb === 'arm') ways.begin(whose, way)
        const answer = await ask(open)
        ways.reached(whose, way)
        if (LAST.has(verb)) ways.end(whose)
        return answer
      } finally {
        speaking -= 1
        way.letGo()
      }
    }
    const closing = async () => {
      places.isTaken(rest)
      ways.gone(whose, way)
      // Who waits for a place hears that there is nothing to wait for. One that could not be opened has no place.
      waiting?.end()
      const last = await held?.catch(() => undefined)
      await last?.close().finally(places.giveBack)
    }
    const close = () => {
      closed ??= Promise.resolve().then(closing)
      return closed
    }
    return wrapDevice({ name: target.name, ...patienceOf(target), close }, { read: speak, write: speak })
  }
}

interface Way {
  // It is not kept any more, and may be closed once nobody speaks over it.
  letGo(): void
  keep(): void
}

interface WaysIn {
  begin(whose: string, by: Way): void
  reached(whose: string, by: Way): void
  gone(whose: string, by: Way): void
  end(whose: string): void
  isBy(whose: string, by: Way): boolean
}

function waysIn(most: number): WaysIn {
  const ways = new Map<string, readonly Way[]>()
  const end = (whose: string) => {
    const [kept] = ways.get(whose) ?? []
    ways.delete(whose)
    kept?.letGo()
  }
  const reached = (whose: string, by: Way) => {
    const known = ways.get(whose)
    if (known !== undefined && !known.includes(by)) ways.set(whose, [...known, by])
  }
  return {
    begin: (whose, by) => {
      if (most === 0) return
      const known = ways.get(whose) ?? []
      ways.delete(whose)
      const [first] = ways.size < most ? [] : ways.keys()
      if (first !== undefined) end(first)
      ways.set(whose, known)
      reached(whose, by)
    },
    reached,
    gone: (whose, by) => {
      const known = ways.get(whose)
      if (known === undefined) return
      const left = known.filter((one) => one !== by)
      ways.set(whose, left)
      if (known[0] === by) left[0]?.keep()
    },
    end,
    isBy: (whose, by) => ways.get(whose)?.[0] === by,
  }
}

type CredentialOf = (device: string) => Promise<Credential>

/** A {@link Fleet} over one transport: connections are opened when first asked for and kept until renewed. It is that of the role `write`, until it is asked for another. */
export function fleetOf(
  targets: readonly DeviceTarget[],
  transport: Transport,
  logins: Logins | CredentialOf,
  fence: (device: string) => Promise<Fence>,
  limits?: ConnectionLimits,
): Fleet {
  const byName = new Map(targets.map((target) => [target.name, target]))
  const users = typeof logins === 'function' ? oneLogin(logins) : logins
  const pools: Connections[] = []
  const open = limits === undefined ? undefined : openConnections(limits)

  const logIn = async (name: string, user: string, isProof: boolean) => {
    const target = byName.get(name)
    if (target === undefined) throw new EosflowError('bug', `no such switch in this execution: ${name}`)
    const over = async (login: Credential) => {
      const connect = () => transport.connect(target, login, () => fence(name))
      return open === undefined ? connect() : open(target, user, connect)
    }
    const two = users.two?.(name, user)
    if (two !== undefined) return eitherLogin(over, target, two, isProof)
    return { device: await loggedInAgain(over, target, users, user), loosen: () => undefined }
  }
  const newPool = (): Connections => {
    const pool = connections(async (name, user) => (await logIn(name, user, false)).device)
    pools.push(pool)
    return pool
  }
  const fleet = (role: Role, pool: Connections): Fleet => ({
    device: async (name) => pool.device(name, users.userOf(name, role)),
    renew: async (name) => {
      await pool.drop(name)
      return pool.device(name, users.userOf(name, role))
    },
    logInAnew: async (name, as) => {
      const user = users.userOf(name, role)
      const { device, loosen } = await logIn(name, user, as === 'proof')
      const adopt = async () => {
        loosen()
        await pool.replace(name, user, device)
      }
      return { device, adopt, giveUp: () => device.close() }
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

// Open connections: at most one for each user of each switch.
interface Connections {
  device(name: string, user: string): Promise<Device>
  replace(name: string, user: string, by: Device): Promise<void>
  drop(name: string): Promise<void>
  dropAll(): Promise<void>
}

function connections(connect: (name: string, user: string) => Promise<Device>): Connections {
  const open = new Map<string, Map<string, Promise<Device>>>()
  const drop = async (name: string) => {
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

// What was never open needs no closing.
async function closeAll(held: readonly Promise<Device>[]) {
  await Promise.all(
    held.map((made) =>
      made.then(
        (connection) => connection.close(),
        () => undefined,
      ),
    ),
  )
}

// What writes is never sent again.
async function loggedInAgain(
  connect: (credential: Credential) => Promise<Device>,
  target: DeviceTarget,
  logins: Logins,
  user: string,
) {
  const connected = async (credential: Credential) => ({ credential, device: await connect(credential) })
  let current = await connected(await logins.credential(target.name, user))

  // The connection that stands in for one that was refused; undefined where the keeper has nothing else.
  const replaced = async (refused: typeof current) => {
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
  const close = () => current.device.close()
  return wrapDevice(
    { name: target.name, ...patienceOf(target), close },
    { read, write: (send) => send(current.device) },
  )
}

export interface Logins {
  userOf(device: string, role: Role): string
  /** `again`: as its keeper has it now, whatever was known before. Throws `secret`. */
  credential(device: string, user: string, when?: 'again'): Promise<Credential>
  /** The two logins of a user whose secret the change itself replaces; absent, or undefined, where it has one. */
  two?(device: string, user: string): TwoLogins | undefined
  requireGoodFor(device: string, user: string, milliseconds: number): Promise<void>
  close(): Promise<void>
}

function oneLogin(credentialOf: (device: string) => Promise<Credential>): Logins {
  return {
    userOf: () => '',
    credential: credentialOf,
    requireGoodFor: async () => undefined,
    close: async () => undefined,
  }
}

export function isSameLogin(a: Credential, b: Credential): boolean {
  const isSame = (member: 'password' | 'privateKey' | 'passphrase' | 'enable') => {
    const [one, other] = [a[member], b[member]]
    return one === undefined || other === undefined ? one === other : one.equals(other)
  }
  return (
    a.username === b.username &&
    a.certificate === b.certificate &&
    a.agent?.socket === b.agent?.socket &&
    a.agent?.fingerprint === b.agent?.fingerprint &&
    (['password', 'privateKey', 'passphrase', 'enable'] as const).every(isSame)
  )
}
