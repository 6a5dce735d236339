import { isOpen, type SessionState } from '../../device/session-table.ts'
import type { Worded } from '../host.ts'
import type { Whose } from './whose.ts'

/** One config session of one switch. */
export interface ListedSession {
  readonly name: string
  readonly state: SessionState
  readonly whose: Whose
  /** Who committed it, as the switch says. */
  readonly user?: string
  /** The users whose terminals are inside it. */
  readonly inside: readonly string[]
  /** Seconds since it was made, where the journal or its name tells it, or since it was completed. */
  readonly age?: number
  /** Seconds left of its commit timer, by the switch's own clock. */
  readonly secondsLeft?: number
}

/** The config sessions of one switch, or why they could not be read. */
export type SwitchSessions =
  | { readonly device: string; readonly sessions: readonly ListedSession[]; readonly places: number }
  | { readonly device: string; readonly failure: unknown }

/** Why garbage collection leaves a session alone; undefined when it may go. `all`: those of other stores may go too. */
export function keptBecause(
  { state, whose, inside }: ListedSession,
  all: boolean,
  { words }: Worded,
): string | undefined {
  if (whose.kind === 'foreign') return 'it is not of eosflow'
  if (!isOpen(state)) return 'it holds no place'
  if (state === 'armed') return 'a commit timer runs: an abort would change running-config'
  if (state === 'unknown') return 'its state is not one that eosflow knows'
  if (inside.length > 0) return `${inside.join(', ')} is inside it`
  if (whose.kind === 'eosflow')
    return all ? undefined : `it is of another store: ${words({ code: 'remove-of-other-stores' })}`
  return whose.running ? `execution ${whose.execution} is running` : undefined
}
