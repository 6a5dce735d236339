export interface ConnectionLimits {
  readonly usual: number
  readonly urgent: number
}

export type Rest = () => void

export interface WaitingCaller {
  hurry(): void
  end(): void
}

export interface ConnectionPlaces {
  /** What is urgent is heard before all else. */
  take(isUrgent: boolean, waits: (waiting: WaitingCaller) => void): Promise<void>
  giveBack(): void
  rests(one: Rest): void
  isTaken(one: Rest): void
}

export function connectionPlaces({ usual, urgent }: ConnectionLimits): ConnectionPlaces {
  let taken = 0
  const idle = new Set<Rest>()
  const hurried = new Set<() => void>()
  const waiting = new Set<() => void>()
  const restLongest = () => {
    const [longest] = idle
    if (longest === undefined) return
    idle.delete(longest)
    longest()
  }
  const makeRoom = () => {
    if (taken > usual || hurried.size > 0 || waiting.size > 0) restLongest()
  }
  const hearNext = () => {
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
