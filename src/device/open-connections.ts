import { EosflowError } from '../model/error.ts'
import type { Device } from './device.ts'
import { patienceOf } from './patience.ts'
import type { DeviceTarget } from './transport.ts'
import { type DeviceCaller, type DeviceVerb, wrapDevice } from './wrap-device.ts'

/**
 * A switch whose connection is opened when somebody speaks, and may be closed while nobody does. Whoever speaks again gets another one, with the same
 * login. A verb throws what `connect` throws; one that has not been sent when the device is closed throws `cancelled`.
 */
export type OpenConnection = (target: DeviceTarget, connect: () => Promise<Device>) => Device

/** What does not wait for a place: a commit timer runs. */
const URGENT: ReadonlySet<DeviceVerb> = new Set(['confirm', 'abort', 'save', 'restore'])

/** Closes a connection over which nobody speaks, and gives its place back. */
type Rest = () => void

/** Who may have how many connections open. */
interface Places {
  /** Waits for a place where all are taken by connections that are spoken over. What is urgent takes one more; so does who waits when `hurry` is called. */
  take(isUrgent: boolean, waits: (hurry: () => void) => void): Promise<void>
  giveBack(): void
  /** Nobody speaks over this one now. */
  rests(one: Rest): void
  /** Somebody speaks over it again, or it is closed. */
  isTaken(one: Rest): void
}

/**
 * Keeps at most so many connections open: each is a file of the process, and a system allows so many of them. One is opened when somebody speaks; the one
 * over which nobody has spoken for longest is closed where another one is needed.
 */
export function openConnections(most: number): OpenConnection {
  const places = placesOf(most)
  return (target, connect) => {
    let held: Promise<Device> | undefined
    let hurry: (() => void) | undefined
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
    const requireOpen = (): void => {
      if (closed !== undefined) throw new EosflowError('cancelled', `${target.name}: its connection was closed`)
    }
    const opened = async (isUrgent: boolean): Promise<Device> => {
      await places.take(isUrgent, (now) => {
        hurry = now
      })
      hurry = undefined
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
        if (isUrgent) hurry?.()
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
        return await ask(open)
      } finally {
        speaking -= 1
        if (speaking === 0 && held !== undefined && closed === undefined) places.rests(rest)
      }
    }
    const closing = async (): Promise<void> => {
      places.isTaken(rest)
      // Who waits for a place hears that there is nothing to wait for. One that could not be opened has no place.
      hurry?.()
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

function placesOf(most: number): Places {
  let taken = 0
  /** The one that rests for longest is the first. */
  const idle = new Set<Rest>()
  const waiting = new Set<() => void>()
  const restLongest = (): void => {
    const [longest] = idle
    if (longest === undefined) return
    idle.delete(longest)
    longest()
  }
  return {
    take: async (isUrgent, waits) => {
      if (taken >= most) restLongest()
      if (taken < most || isUrgent) {
        taken += 1
        return
      }
      await new Promise<void>((resolve) => {
        waiting.add(resolve)
        waits(() => {
          if (!waiting.delete(resolve)) return
          taken += 1
          resolve()
        })
      })
    },
    giveBack: () => {
      const [next] = taken > most ? [] : waiting
      // Its place goes to whoever has waited for longest.
      if (next === undefined) taken -= 1
      else {
        waiting.delete(next)
        next()
      }
      if (taken > most || waiting.size > 0) restLongest()
    },
    rests: (one) => {
      idle.add(one)
      if (taken > most || waiting.size > 0) restLongest()
    },
    isTaken: (one) => {
      idle.delete(one)
    },
  }
}
