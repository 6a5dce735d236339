/** How many connections may be open at once. */
export interface ConnectionLimits {
  readonly usual: number
  /** So many where a commit timer runs; no fewer than usual. */
  readonly urgent: number
}

/** Closes a connection over which nobody speaks, and gives its place back. */
export type Rest = () => void

/** What can be done about somebody who waits for a place. */
export interface WaitingCaller {
  /** It has become urgent. */
  hurry(): void
  /** It need not wait any more: it gets a place beyond the limits, and gives it back unused. */
  end(): void
}

/** Who may have which of the connections open. */
export interface ConnectionPlaces {
  /** Waits for a place where all are taken by connections that are spoken over. What is urgent is heard before all else. */
  take(isUrgent: boolean, waits: (waiting: WaitingCaller) => void): Promise<void>
  giveBack(): void
  /** Nobody speaks over this one now: it may be closed. */
  rests(one: Rest): void
  /** Somebody speaks over it again, or it is closed. */
  isTaken(one: Rest): void
}

/** Places of which the one that rests for longest is given away where somebody waits. */
export function connectionPlaces({ usual, urgent }: ConnectionLimits): ConnectionPlaces {
  let taken = 0
  /** The one that rests for longest is the first. */
  const idle = new Set<Rest>()
  const hurried = new Set<() => void>()
  const waiting = new Set<() => void>()
  const restLongest = (): void => {
    const [longest] = idle
    if (longest === undefined) return
    idle.delete(longest)
    longest()
  }
  const makeRoom = (): void => {
    if (taken > usual || hurried.size > 0 || waiting.size > 0) restLongest()
  }
  const hearNext = (): void => {
    const [next] = taken >= urgent ? [] : hurried.size > 0 ? hurried : taken >= usual ? [] : waiting
    if (next === undefined) return
    hurried.delete(next)
    waiting.delete(next)
    taken += 1
    next()
  }
  return {
    take: async (isUrgent, waits) => {
      if (taken >= usual) restLongest()
      if (taken < (isUrgent ? urgent : usual)) {
        taken += 1
        return
      }
      await new Promise<void>((resolve) => {
        const queue = isUrgent ? hurried : waiting
        queue.add(resolve)
        waits({
          hurry: () => {
            if (!waiting.delete(resolve)) return
            hurried.add(resolve)
            hearNext()
            makeRoom()
          },
          end: () => {
            if (!waiting.delete(resolve) && !hurried.delete(resolve)) return
            taken += 1
            resolve()
          },
        })
      })
    },
    giveBack: () => {
      taken -= 1
      hearNext()
      makeRoom()
    },
    rests: (one) => {
      idle.add(one)
      makeRoom()
    },
    isTaken: (one) => {
      idle.delete(one)
    },
  }
}
