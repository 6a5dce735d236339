import { EosflowError } from '../../model/error.ts'
import { type ConnectionLimits, connectionPlaces, type Rest, type WaitingCaller } from './connection-places.ts'
import type { Device } from './device.ts'
import { patienceOf } from './patience.ts'
import type { DeviceTarget } from './transport.ts'
import { type DeviceCaller, type DeviceVerb, wrapDevice } from './wrap-device.ts'

export type OpenConnection = (target: DeviceTarget, user: string, connect: () => Promise<Device>) => Device

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
