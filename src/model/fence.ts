import { EosflowError } from './error.ts'

// How old a proof may be when bytes leave, in milliseconds, whatever the owner's lease lasts.
const LONGEST = 3_000

// How old an answer may be for another one to be asked for, in milliseconds: behind more than that the act was judged too long ago.
const ASKED_AGAIN = 60_000

/** How old a proof may be when bytes leave, in milliseconds: 0.3 of the time for which an owner may be silent before somebody else takes over (`ttl`, in milliseconds), and never more than three seconds. */
export function longestAge(ttl?: number): number {
  return ttl === undefined ? LONGEST : Math.min(LONGEST, 0.3 * ttl)
}

/** The proof that an execution may write to a switch, as old as the answer of the store: who was frozen since then, and was taken over meanwhile, finds it too old. */
export interface Fence {
  /** Whether it is at most as old as its store allows: see {@link longestAge}. */
  readonly isFresh: boolean
  /** Whether it is so old that somebody else may have taken over since: see {@link isAskedAgain}. */
  readonly isOver: boolean
  /** Whether the process was held up for so long since that what was to be sent must not be sent any more, with whatever proof. */
  readonly isPast?: boolean
  /** Throws `busy` where it is older. Called in the line before bytes leave, behind which nothing is waited for. */
  requireFresh(): void
}

export type AskFence = () => Promise<Fence>

/** How old a fence may be, in milliseconds since it was asked for. */
export interface FenceAge {
  /** When bytes leave: see {@link longestAge}. */
  readonly longest?: number
  /** Until then nobody else takes over, whatever becomes of this process; absent: nobody does while it lives. */
  readonly term?: number
}

/** A fence from an answer that was asked for at a moment of this process's monotonic clock, in milliseconds. */
export function fenceOf(
  device: string,
  asked: number,
  monotonic: () => number,
  { longest = longestAge(), term = Number.POSITIVE_INFINITY }: FenceAge = {},
): Fence {
  const age = () => monotonic() - asked
  return {
    get isFresh() {
      return age() <= longest
    },
    get isOver() {
      return age() > term
    },
    get isPast() {
      return age() > ASKED_AGAIN
    },
    requireFresh: () => {
      if (age() <= longest) return
      const seconds = Math.round(age() / 1000)
      throw new EosflowError('busy', `${device}: this process was held up for ${seconds} s: nothing was sent`, {
        device,
        hint: 'Who goes on with the execution may be another process by now: eosflow resume finds out.',
      })
    },
  }
}

/** Asks for a fence, and once more where the answer was too old when it was heard, unless the act itself is too old by then. */
export async function freshFence(ask: AskFence): Promise<Fence> {
  const first = await ask()
  return first.isFresh || first.isPast === true ? first : ask()
}

/** Whether a fence is asked for once more in the line before bytes leave: somebody else may have taken over, and the act is not too old itself. */
export function isAskedAgain(fence: Fence | undefined): boolean {
  return fence?.isOver === true && fence.isPast !== true
}

/** Sends once a fence is fresh: nothing is waited for between its judgement and the bytes. Rejects `busy`, and sends nothing, where it is refused or too old. */
export async function sendUnder<T>(ask: AskFence, send: () => T): Promise<T> {
  let fence: Fence
  do fence = await freshFence(ask)
  while (isAskedAgain(fence))
  fence.requireFresh()
  return send()
}

/** The same fences for a confirm, which is never given up for their age alone: the commit timer would put a good change back. */
export function whateverItsAge(ask: AskFence): AskFence {
  return async () => {
    const fence = await ask()
    return {
      get isFresh() {
        return fence.isFresh
      },
      get isOver() {
        return fence.isOver
      },
      requireFresh: () => undefined,
    }
  }
}

/** For a session that is thrown away at once and belongs to no execution: nobody can take it over. */
export const noFence: AskFence = async () => ({ isFresh: true, isOver: false, requireFresh: () => undefined })

export const readsOnly: AskFence = async () => {
  throw new EosflowError('bug', 'a write to a switch outside of an execution was not sent')
}
