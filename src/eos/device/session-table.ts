import { definedMembers } from '../../model/defined-members.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/** `armed` is committed under a running commit timer, whatever the EOS version calls it. */
export type SessionState = 'pending' | 'armed' | 'completed' | 'aborted' | 'unknown'

/** Completed and aborted ones are history; one in a state that no known EOS version prints counts as open. */
export function isOpen(state: SessionState): boolean {
  return state !== 'completed' && state !== 'aborted'
}

/** Whether a session has a name of CloudVision's (docs/eos.md 2.6). */
export function isCloudVisions(session: string): boolean {
  return /^cvp-/i.test(session)
}

/** The config sessions of a switch, in one shape for all EOS versions. */
export interface SessionTable {
  readonly sessions: Readonly<Record<string, SessionState>>
  /** The one session under a commit timer, and the seconds left by the switch's own clock. */
  readonly armed?: { readonly session: string; readonly secondsLeft: number }
  readonly mergeOnCommit: boolean
  readonly saveToStartupConfigOnCommit: boolean
  readonly maxOpenSessions: number
}

export function openSessions({ sessions }: Pick<SessionTable, 'sessions'>): readonly string[] {
  return Object.entries(sessions).flatMap(([name, state]) => (isOpen(state) ? [name] : []))
}

export function freePlaces({ sessions, maxOpenSessions }: Pick<SessionTable, 'sessions' | 'maxOpenSessions'>): number {
  return maxOpenSessions - Object.values(sessions).filter((state) => state === 'pending').length
}

export interface DeviceTime {
  /** Seconds since boot. */
  readonly uptime: number
  /** Seconds since the epoch on the switch's clock. */
  readonly epoch: number
}

const STATES: Readonly<Record<string, SessionState>> = {
  pending: 'pending',
  pendingCommitTimer: 'armed',
  completed: 'completed',
  committed: 'completed',
  aborted: 'aborted',
}

// Above this a time is seconds since the epoch, below it seconds of uptime (docs/eos.md 2.5: both were seen).
const EPOCH_FLOOR = 1_000_000_000

/** Reads `show configuration sessions detail` as JSON. Up to EOS 4.31 an armed session says `pendingCommitTimer` and carries `commitBy`; from 4.32 it says `committed` and only the top-level `commitTimerSessionName` and `commitTimerExpireTime` tell (docs/eos.md 2.5). */
export function readSessionTable(reply: Json, time: DeviceTime): SessionTable {
  const top: JsonObject = isJsonObject(reply) ? reply : {}
  const listed: JsonObject = isJsonObject(top.sessions) ? top.sessions : {}
  const sessions: Record<string, SessionState> = {}
  let armed: SessionTable['armed']
  for (const [name, entry] of Object.entries(listed)) {
    const session: JsonObject = isJsonObject(entry) ? entry : {}
    const state = STATES[String(session.state)] ?? 'unknown'
    sessions[name] = state
    if (state === 'armed') armed = { session: name, secondsLeft: secondsLeft(session.commitBy, time) }
  }
  const owner = top.commitTimerSessionName
  if (typeof owner === 'string' && owner !== '') {
    sessions[owner] = 'armed'
    armed = { session: owner, secondsLeft: secondsLeft(top.commitTimerExpireTime, time) }
  }
  return {
    sessions,
    ...definedMembers({ armed }),
    mergeOnCommit: top.mergeOnCommit === true,
    saveToStartupConfigOnCommit: top.saveToStartupConfigOnCommit === true,
    maxOpenSessions: typeof top.maxOpenSessions === 'number' ? top.maxOpenSessions : 5,
  }
}

// An unreadable expiry counts as no time left, so that nobody relies on it.
function secondsLeft(expires: Json | undefined, time: DeviceTime) {
  if (typeof expires !== 'number') return 0
  return Math.max(0, Math.floor(expires - (expires > EPOCH_FLOOR ? time.epoch : time.uptime)))
}
