import type { ListedSession } from '../sessions/sessions.ts'

/** What eosflow has left on a switch, by the names it gives, or why the switch could not be read. */
export type SwitchLeftovers =
  | {
      readonly device: string
      /** The sessions with a name of ours that are open, whichever store made them. */
      readonly sessions: readonly ListedSession[]
      /** The session of somebody else that is under a commit timer. */
      readonly foreignTimer?: ListedSession
      /** The checkpoints with a name of ours, the newest first: running-config as it was when a change was staged. */
      readonly checkpoints: readonly string[]
      /** Of those that an execution of this store has saved, how it ended; `open`: it has not. */
      readonly savedBy?: Readonly<Record<string, { readonly execution: string; readonly ended: string }>>
      /** Whether a reboot would change running-config. */
      readonly unsaved: boolean
      /** Set where nobody knows: the switch does not show how startup-config differs. */
      readonly startup?: 'unknown'
    }
  | { readonly device: string; readonly failure: unknown }

/** A session that a person wants to end, on one switch. */
export interface SessionToEnd {
  readonly device: string
  readonly session: ListedSession
}

/** Every open session of eosflow that was found. */
export function everyOpen(found: readonly SwitchLeftovers[]): readonly SessionToEnd[] {
  return found.flatMap((one) =>
    'failure' in one ? [] : one.sessions.map((session) => ({ device: one.device, session })),
  )
}

/** A session that was aborted, and whether it is gone. */
export interface AbortedSession {
  readonly device: string
  readonly session: string
  readonly gone: boolean
}

/** What became of the sessions that were aborted, by what was found afterwards. */
export function abortedBy(
  found: readonly SwitchLeftovers[],
  aborted: readonly SessionToEnd[],
): readonly AbortedSession[] {
  return aborted.map(({ device, session: { name } }) => {
    const one = found.find((each) => each.device === device)
    const gone = one !== undefined && !('failure' in one) && one.sessions.every((session) => session.name !== name)
    return { device, session: name, gone }
  })
}
