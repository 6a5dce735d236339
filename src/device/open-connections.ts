import { EosflowError } from '../model/error.ts'
import type { Device } from './device.ts'
import { patienceOf } from './patience.ts'
import type { DeviceTarget } from './transport.ts'
import { type DeviceCaller, type DeviceVerb, wrapDevice } from './wrap-device.ts'

/**
 * Opens a connection to a switch, which may be closed while nobody speaks over it. Whoever speaks over it again gets another one, with the same login.
 * Throws what `connect` throws.
 */
export type OpenConnection = (target: DeviceTarget, connect: () => Promise<Device>) => Promise<Device>

/** What does not wait for a place: a commit timer runs. */
const URGENT: ReadonlySet<DeviceVerb> = new Set(['confirm', 'abort', 'save', 'restore'])

/** A connection over which nobody speaks. */
interface Idle {
  /** Closes it, and gives its place back. */
  rest(): void
}

/** Who may have how many connections open. */
interface Places {
  /** Waits for a place where all are taken by connections that are spoken over. What is urgent takes one more. */
  take(isUrgent: boolean): Promise<void>
  giveBack(): void
  /** Nobody speaks over this one now. */
  rests(one: Idle): void
  /** Somebody speaks over it again, or it is closed. */
  isTaken(one: Idle): void
}

/**
 * Keeps at most so many connections open: each is a file of the process, and a system allows so many of them. The one over which nobody has spoken for
 * longest is closed where another one is needed.
 */
export function openConnections(most: number): OpenConnection {
  const places = placesOf(most)
  return async (target, connect) => {
    let held: Promise<Device> | undefined
    let speaking = 0
    let closed: Promise<void> | undefined
    const rest = (): void => {
      const resting = held
      held = undefined
      void resting
        ?.then((last) => last.close())
        .catch(() => undefined)
        .finally(places.giveBack)
    }
    const idle: Idle = { rest }
    const opened = async (isUrgent: boolean): Promise<Device> => {
      await places.take(isUrgent)
      return connect().catch((error: unknown) => {
        places.giveBack()
        throw error
      })
    }
    const device = (isUrgent: boolean): Promise<Device> => {
      if (held !== undefined) return held
      if (closed !== undefined)
        throw new EosflowError('bug', `${target.name}: its connection was closed`, { device: target.name })
      const made = opened(isUrgent)
      held = made
      made.catch(() => {
        if (held === made) held = undefined
      })
      return made
    }
    const speak: DeviceCaller = async (ask, verb) => {
      places.isTaken(idle)
      speaking += 1
      try {
        return await ask(await device(URGENT.has(verb)))
      } finally {
        speaking -= 1
        if (speaking === 0 && held !== undefined && closed === undefined) places.rests(idle)
      }
    }
    const closing = async (): Promise<void> => {
      places.isTaken(idle)
      // One that could not be opened has no place.
      const last = await held?.catch(() => undefined)
      await last?.close().finally(places.giveBack)
    }
    const close = (): Promise<void> => {
      closed ??= closing()
      return closed
    }
    await device(false)
    places.rests(idle)
    return wrapDevice({ name: target.name, ...patienceOf(target), close }, { read: speak, write: speak })
  }
}

function placesOf(most: number): Places {
  let taken = 0
  /** The one that rests for longest is the first. */
  const idle = new Set<Idle>()
  const waiting: (() => void)[] = []
  const restLongest = (): void => {
    const [longest] = idle
    if (longest === undefined) return
    idle.delete(longest)
    longest.rest()
  }
  return {
    take: async (isUrgent) => {
      if (taken >= most) restLongest()
      if (taken >= most && !isUrgent) {
        await new Promise<void>((resolve) => waiting.push(resolve))
        return
      }
      taken += 1
    },
    giveBack: () => {
      const next = taken > most ? undefined : waiting.shift()
      // Its place goes to whoever has waited for longest.
      if (next !== undefined) return next()
      taken -= 1
      if (waiting.length > 0) restLongest()
    },
    rests: (one) => {
      idle.add(one)
      if (waiting.length > 0) restLongest()
    },
    isTaken: (one) => {
      idle.delete(one)
    },
  }
}
