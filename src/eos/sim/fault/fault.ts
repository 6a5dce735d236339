import type { ErrorCounter } from '../converge/operational-fault.ts'
import type { RefusalCode } from '../platform/reply.ts'
import type { ErrorLine, LineQuestion, LineWarning, RequestTrigger, WrongAnswer } from './answer-faults.ts'
import type { Hand } from './hand.ts'
import type { AaaAway, NoNewLogin, NoStartupConfig, ReplayFails, SessionListLag, SlowSave } from './store-faults.ts'

// When a fault strikes that waits for nobody's request: seconds after it was set.
interface After {
  readonly after?: number
}

/** `for` is in seconds; without it, for good. */
export interface UnreachableSwitch extends After {
  readonly kind: 'unreachable'
  readonly for?: number
}

/** Requests take longer: seconds before the commands run, seconds `after` lie between their effect and the answer. */
export interface SlowAnswers {
  readonly kind: 'slow'
  readonly before?: number
  readonly after?: number
  readonly command?: string
}

export interface LostAnswer extends RequestTrigger {
  readonly kind: 'lost-answer'
  readonly applied?: boolean
}

/** No EOS does: for tests of what such a switch would bring. */
export interface TimerDoesNotRevert {
  readonly kind: 'timer-does-not-revert'
}

export interface ResetAfterCommit {
  readonly kind: 'reset-after-commit'
}

/** The switch reboots: after seconds, after the next commit, or when a command that matches has run. */
export interface Reboot extends After {
  readonly kind: 'reboot'
  readonly on?: 'commit'
  readonly command?: string
  readonly seconds?: number
}

export interface SessionLimit {
  readonly kind: 'session-limit'
  readonly sessions?: number
}

/** Another tool's commit timer runs, for `seconds`. */
export interface ForeignTimer {
  readonly kind: 'foreign-timer'
  readonly seconds: number
  readonly session?: string
  readonly user?: string
}

export interface RefuseLine {
  readonly kind: 'refuse-line'
  readonly line: number
  readonly message: string
  readonly code?: 1000 | 1002
}

export interface RefuseCommit {
  readonly kind: 'refuse-commit'
  readonly message: string
}

export interface RefuseCommand {
  readonly kind: 'refuse-command'
  readonly command: string
  readonly code: RefusalCode
  readonly errors: readonly string[]
}

/** The next requests to a path get a bare HTTP status: 401 for a login that fails, 404 for the `/login` of an old EOS. */
export interface HttpStatus {
  readonly kind: 'http-status'
  readonly status: 401 | 404 | 500 | 502 | 503
  readonly path?: '/command-api' | '/login' | '/logout'
  readonly times?: number
}

export interface ExpireCookies {
  readonly kind: 'expire-cookies'
}

/** `for` is in seconds; without it, for good. */
export interface TlsFailure extends Lasting {
  readonly kind: 'tls-failure'
}

// A window of the network's faults, in seconds from when it is set; for good without `for`.
interface Lasting extends After {
  readonly for?: number
}

export interface LinkDown extends Lasting {
  readonly kind: 'link-down'
  readonly port: string
}

/** A cable is down for the first half of each period of so many seconds, and up for the second. */
export interface LinkFlap extends Lasting {
  readonly kind: 'link-flap'
  readonly port: string
  readonly period: number
}

export interface BgpPeerDown extends Lasting {
  readonly kind: 'bgp-peer-down'
  readonly peer: string
  readonly vrf?: string
}

export interface PortErrdisabled extends After {
  readonly kind: 'port-errdisabled'
  readonly port: string
  /** In the words of EOS; default `bpduguard`. */
  readonly cause?: string
}

export interface MlagInactive extends Lasting {
  readonly kind: 'mlag-inactive'
}

export interface NeighborSwapped extends Lasting {
  readonly kind: 'neighbor-swapped'
  readonly port: string
  readonly heard: string
  readonly heardPort: string
}

export interface RoutesWithdrawn extends Lasting {
  readonly kind: 'routes-withdrawn'
  readonly peer: string
  readonly vrf?: string
  readonly prefixes?: readonly string[]
}

export interface MemberInactive extends Lasting {
  readonly kind: 'member-inactive'
  readonly port: string
}

export interface FloodEntryLost extends Lasting {
  readonly kind: 'flood-entry-lost'
  readonly vtep: string
  readonly vlan?: number
}

/** A counter of a port rises, so much a second. */
export interface ErrorsRising extends Lasting {
  readonly kind: 'errors-rising'
  readonly port: string
  readonly counter: ErrorCounter
  readonly perSecond: number
}

export interface ClockAdrift extends Lasting {
  readonly kind: 'clock-adrift'
}

export interface SupplyFailed extends Lasting {
  readonly kind: 'supply-failed'
  readonly supply: '1' | '2'
}

/** An agent of EOS crashes and is started again: its log stays. */
export interface AgentCrashed extends After {
  readonly kind: 'agent-crashed'
  readonly agent: string
}

export type Fault =
  | UnreachableSwitch
  | SlowAnswers
  | LostAnswer
  | ResetAfterCommit
  | Reboot
  | Hand
  | SessionLimit
  | ForeignTimer
  | TimerDoesNotRevert
  | RefuseLine
  | RefuseCommit
  | RefuseCommand
  | HttpStatus
  | ExpireCookies
  | TlsFailure
  | WrongAnswer
  | ErrorLine
  | LineWarning
  | LineQuestion
  | SessionListLag
  | ReplayFails
  | NoStartupConfig
  | SlowSave
  | NoNewLogin
  | AaaAway
  | LinkDown
  | LinkFlap
  | BgpPeerDown
  | PortErrdisabled
  | MlagInactive
  | NeighborSwapped
  | RoutesWithdrawn
  | MemberInactive
  | FloodEntryLost
  | ErrorsRising
  | ClockAdrift
  | SupplyFailed
  | AgentCrashed

export type DeviceFault = Fault & { readonly device: string }
