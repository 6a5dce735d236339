import type { EventBody } from '../../change/record/event/event.ts'
import type { DeviceFault } from '../../eos/sim/fault/fault.ts'

// The points of the protocol at which a fault strikes, in the order in which a switch comes to them.
const POINTS = ['stage', 'arm', 'verify', 'confirm', 'save'] as const
export type Point = (typeof POINTS)[number]

/** The point that a record brings its switch to: the intent to stage, arm, confirm or save is on record and nothing was sent yet; `verify`: the commit timer runs and nothing was looked at yet. */
export function pointOf(event: EventBody): { readonly point: Point; readonly device: string } | undefined {
  if (event.type === 'ActFinished' && event.act === 'arm' && event.outcome === 'done') {
    return { point: 'verify', device: event.device }
  }
  if (event.type !== 'ActIntended') return undefined
  const { act, device } = event
  // The session of a plan has no checkpoint and is never committed.
  if (act === 'stage') return event.checkpoint === undefined ? undefined : { point: 'stage', device }
  return act === 'arm' || act === 'confirm' || act === 'save' ? { point: act, device } : undefined
}

/** Times are in seconds. */
export interface Hand {
  /** The seconds of the commit timer. */
  readonly timer: number
  readonly edit: readonly string[]
  fault(fault: DeviceFault): void
  cabled(device: string): readonly string[]
  stop(): void
  fillDisk(seconds: number): void
  setClock(seconds: number): void
  /** The controller is killed when a switch has carried out its next request, before the answer is heard. */
  killUnheard(device: string): void
  /** The controller is killed now, and taken up again after a time. */
  kill(seconds: number): void
}

export interface FaultKind {
  readonly name: string
  readonly says: string
  readonly points: readonly Point[]
  readonly ofController?: true
  /** Left out unless it is asked for by name: what no protocol can help, or what is honestly unknown. */
  readonly onlyAsked?: true
  strike(hand: Hand, device: string, point: Point): void
}

const PAST_TIMER = 5
const REFUSED = 20
const DISK_FULL = 90
const BOOT = 40
// A slow switch waits so long before and after each request.
const SLOW = 5
const HOUR = 3600

const NO = 'Cannot do this now'

type FaultOfAny = DeviceFault extends infer Fault ? (Fault extends DeviceFault ? Omit<Fault, 'device'> : never) : never

const sets =
  (fault: FaultOfAny): FaultKind['strike'] =>
  (hand, device) =>
    hand.fault({ device, ...fault } as DeviceFault)

/** Every kind, in the order of the table. */
export const FAULT_KINDS: readonly FaultKind[] = [
  {
    name: 'request-lost',
    says: 'request lost',
    points: POINTS,
    strike: sets({ kind: 'lost-answer', request: 1, applied: false }),
  },
  {
    name: 'answer-lost',
    says: 'answer lost',
    points: POINTS,
    strike: sets({ kind: 'lost-answer', request: 1 }),
  },
  {
    name: 'connection-refused',
    says: `connection refused, ${REFUSED} s`,
    points: POINTS,
    strike: sets({ kind: 'unreachable', for: REFUSED }),
  },
  {
    name: 'slow',
    says: `every answer ${2 * SLOW} s late`,
    points: POINTS,
    strike: sets({ kind: 'slow', before: SLOW, after: SLOW }),
  },
  {
    name: 'login-refused',
    says: 'login refused, 3 times',
    points: POINTS,
    strike: sets({ kind: 'http-status', status: 401, times: 3 }),
  },
  {
    name: 'refused',
    says: 'the switch refuses',
    points: POINTS,
    strike: ({ fault }, device, point) => fault(refusal(device, point)),
  },
  {
    name: 'reboot',
    says: `reboot, ${BOOT} s`,
    points: POINTS,
    strike: sets({ kind: 'reboot', seconds: BOOT }),
  },
  {
    name: 'management-cut',
    says: 'management cut past the timer',
    points: ['verify', 'confirm', 'save'],
    strike: ({ fault, timer }, device) => fault({ device, kind: 'unreachable', for: timer + PAST_TIMER }),
  },
  {
    name: 'hand-edit',
    says: 'edited by hand',
    points: POINTS,
    strike: ({ fault, edit }, device) => fault({ device, kind: 'hand-edit', lines: edit }),
  },
  {
    name: 'verification-fails',
    says: 'every cable of it dead',
    points: ['verify'],
    strike: ({ fault, cabled }, device) => {
      for (const port of cabled(device)) fault({ device, kind: 'link-down', port })
    },
  },
  {
    name: 'no-session-left',
    says: 'no config session left',
    points: ['stage'],
    strike: sets({ kind: 'session-limit' }),
  },
  {
    name: 'foreign-timer',
    says: "another tool's timer",
    points: ['stage', 'arm'],
    strike: sets({ kind: 'foreign-timer', seconds: 120 }),
  },
  {
    name: 'disk-full',
    says: `disk full, ${DISK_FULL} s`,
    points: POINTS,
    ofController: true,
    strike: ({ fillDisk }) => fillDisk(DISK_FULL),
  },
  {
    name: 'clock-forward',
    says: 'clock set forward 1 h',
    points: ['verify', 'confirm'],
    ofController: true,
    strike: ({ setClock }) => setClock(HOUR),
  },
  {
    name: 'clock-back',
    says: 'clock set back 1 h',
    points: ['verify', 'confirm'],
    ofController: true,
    strike: ({ setClock }) => setClock(-HOUR),
  },
  { name: 'stop', says: 'stopped by a person', points: POINTS, ofController: true, strike: ({ stop }) => stop() },
  {
    name: 'crash-unheard',
    says: 'killed before the answer',
    points: POINTS,
    ofController: true,
    strike: ({ killUnheard }, device) => killUnheard(device),
  },
  {
    name: 'never-back',
    says: 'never reached again',
    points: ['verify'],
    onlyAsked: true,
    strike: sets({ kind: 'unreachable' }),
  },
  {
    name: 'timer-does-not-revert',
    says: 'killed, and the timer puts nothing back',
    points: ['verify'],
    onlyAsked: true,
    strike: ({ fault, kill, timer }, device) => {
      fault({ device, kind: 'timer-does-not-revert' })
      kill(timer + PAST_TIMER)
    },
  },
]

function refusal(device: string, point: Point): DeviceFault {
  switch (point) {
    case 'stage':
      return { device, kind: 'refuse-line', line: 1, message: NO }
    case 'arm':
    case 'confirm':
      return { device, kind: 'refuse-commit', message: NO }
    case 'verify':
      return { device, kind: 'refuse-command', command: '^show ', code: 1000, errors: [NO] }
    case 'save':
      return {
        device,
        kind: 'refuse-command',
        command: '^copy running-config startup-config$',
        code: 1000,
        errors: [NO],
      }
  }
}
