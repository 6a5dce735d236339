import { EosflowError } from '../model/error.ts'
import { type ConnectionLimits, connectionPlaces, type Rest, type Waiting } from './connection-places.ts'
import type { Device } from './device.ts'
import { patienceOf } from './patience.ts'
import type { DeviceTarget } from './transport.ts'
import { type DeviceCaller, type DeviceVerb, wrapDevice } from './wrap-device.ts'

/**
 * A switch whose connection, of one user, is opened when somebody speaks, and may be closed while nobody does. Whoever speaks again gets another one, with the
 * same login. A verb throws what `connect` throws; one that has not been sent when the device is closed throws `cancelled`.
 */
export type OpenConnection = (target: DeviceTarget, user: string, connect: () => Promise<Device>) => Device

/** What goes before all else: a commit timer runs. */
const URGENT: ReadonlySet<DeviceVerb> = new Set(['confirm', 'abort', 'save', 'restore'])

/** Behind these no change of a switch is in force any more that might have to be put back. */
const LAST: ReadonlySet<DeviceVerb> = new Set(['abort', 'save', 'restore'])

/**
 * Keeps at most so many connections open: each is a file of the process, and a system allows so many of them. One is opened when somebody speaks; the one
 * over which nobody has spoken for longest is closed where another one is needed. While a change is in force on a switch, the connection over which it was
 * last reached is not closed for others: it may be the only one that the switch still accepts. Half of the places are for these.
 */
export function openConnections(limits: ConnectionLimits): OpenConnection {
  const places = connectionPlaces(limits)
  const ways = waysIn(Math.floor(limits.usual / 2))
  return (target, user, connect) => {
    const whose = JSON.stringify([target.name, user])
    let held: Promise<Device> | undefined
    let waiting: Waiting | undefined
    let speaking = 0
    let closed: Promise<void> | undefined
    const rest: Rest = () => {
      const resting = held
      held = undefined
      void resting
        ?.then((last) => last.close())
        .catch(() => undefined)
        .finally(places.giveBack)
    }
    const mayRest = (): void => {
      if (speaking === 0 && held !== undefined && closed === undefined && !ways.isBy(whose, mayRest)) places.rests(rest)
    }
    const requireOpen = (): void => {
      if (closed !== undefined) throw new EosflowError('cancelled', `${target.name}: its connection was closed`)
    }
    const opened = async (isUrgent: boolean): Promise<Device> => {
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
    const device = (isUrgent: boolean): Promise<Device> => {
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
        if (verb === 'arm') ways.begin(whose)
        const answer = await ask(open)
        ways.reached(whose, mayRest)
        if (LAST.has(verb)) ways.end(whose)
        return answer
      } finally {
        speaking -= 1
        mayRest()
      }
    }
    const closing = async (): Promise<void> => {
      places.isTaken(rest)
      // Who waits for a place hears that there is nothing to wait for. One that could not be opened has no place.
      waiting?.end()
      const last = await held?.catch(() => undefined)
      await last?.close().finally(places.giveBack)
    }
    const close = (): Promise<void> => {
      closed ??= Promise.resolve().then(closing)
      return closed
    }
    return wrapDevice({ name: target.name, ...patienceOf(target), close }, { read: speak, write: speak })
  }
}

/** A connection that is not kept any more may be closed, once nobody speaks over it. */
type LetGo = () => void

/** Over which connection a user has last reached each switch on which a change of his is in force. */
interface WaysIn {
  /** A timed commit is sent. Where they are too many the one that began first is let go. */
  begin(whose: string): void
  reached(whose: string, by: LetGo): void
  end(whose: string): void
  isBy(whose: string, by: LetGo): boolean
}

function waysIn(most: number): WaysIn {
  const ways = new Map<string, LetGo | undefined>()
  const end = (whose: string): void => {
    const letGo = ways.get(whose)
    ways.delete(whose)
    letGo?.()
  }
  return {
    begin: (whose) => {
      if (ways.has(whose) || most === 0) return
      const [first] = ways.size < most ? [] : ways.keys()
      if (first !== undefined) end(first)
      ways.set(whose, undefined)
    },
    reached: (whose, by) => {
      const older = ways.get(whose)
      if (!ways.has(whose) || older === by) return
      ways.set(whose, by)
      older?.()
    },
    end,
    isBy: (whose, by) => ways.get(whose) === by,
  }
}
