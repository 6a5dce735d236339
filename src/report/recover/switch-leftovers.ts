import type { ListedSession } from '../sessions/formats.ts'

export type SwitchLeftovers =
  | {
      readonly device: string
      readonly sessions: readonly ListedSession[]
      readonly foreignTimer?: ListedSession
      /** The checkpoints with a name of ours, the newest first: running-config as it was when a change was staged. */
      readonly checkpoints: readonly string[]
      /** Of those that an execution of this store has saved, how it ended; `open`: it has not. */
      readonly savedBy?: Readonly<Record<string, { readonly execution: string; readonly ended: string }>>
      readonly unsaved: boolean
      readonly startup?: 'unknown'
    }
  | { readonly device: string; readonly failure: unknown }

export interface SessionToEnd {
  readonly device: string
  readonly session: ListedSession
}

export function everyOpen(found: readonly SwitchLeftovers[]): readonly SessionToEnd[] {
  return found.flatMap((one) =>
    'failure' in one ? [] : one.sessions.map((session) => ({ device: one.device, session })),
  )
}

export interface AbortedSession {
  readonly device: string
  readonly session: string
  readonly gone: boolean
}

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
