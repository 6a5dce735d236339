import type { z } from 'zod'
import type { faultKinds } from './fault-kinds.ts'

export type Hand = FaultOf<'hand-edit' | 'hand-save' | 'block-appears'>

/** The moment at which somebody else acts on a switch: seconds after the fault is set, at a point of a config session, or before or behind a command. */
export type FaultTrigger = Omit<FaultOf<'hand-save'>, 'kind'>

/** Whether a fault is a {@link Hand}. */
export function isHand(fault: { readonly kind: string }): fault is Hand {
  return fault.kind === 'hand-edit' || fault.kind === 'hand-save' || fault.kind === 'block-appears'
}

export function waitsForPoint({ on, command }: FaultTrigger): boolean {
  return on !== undefined || command !== undefined
}

/** The same at a time: seconds after it is set. */
export function atTime<T extends Hand>(hand: T, after: number): T {
  const { on: _on, command: _command, nth: _nth, side: _side, ...rest } = hand
  return { ...rest, after } as T
}

type Frozen<T> = T extends readonly (infer One)[] ? readonly One[] : T

type WithoutDevice<T> = T extends unknown
  ? { readonly [K in keyof T as Exclude<K, 'device'>]: Frozen<Exclude<T[K], undefined>> }
  : never

/** What goes wrong with a switch: times are in seconds, from when it is set; without `for`, for good. */
export type Fault = WithoutDevice<z.output<typeof faultKinds>>

export type FaultOf<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>

export type DeviceFault = Fault & { readonly device: string }

/** Delays are in milliseconds. */
export interface Disturbance {
  readonly delayBefore: number
  readonly delayAfter: number
  /** Whether the connection dies: before the commands run, after them, or not. */
  readonly dies: 'before' | 'after' | undefined
  readonly wrong: FaultOf<'wrong-answer'> | undefined
}

const UNDISTURBED: Disturbance = { delayBefore: 0, delayAfter: 0, dies: undefined, wrong: undefined }

type LastingKind =
  | 'line-warning'
  | 'line-question'
  | 'session-list-lag'
  | 'replay-fails'
  | 'slow-save'
  | 'no-new-login'
  | 'aaa-away'
  | 'tls-failure'

export interface DueFault {
  readonly at: number
  readonly fault: Hand | FaultOf<'reboot'>
}

/** Most strike once and are gone; `unreachable` and `slow` stay. */
export class FaultBoard {
  #armed: ArmedFault[] = []
  readonly #felt = new Set<Fault>()

  set(fault: Fault, now: number, origin: Fault = fault): void {
    this.#armed.push({ fault, origin, setAt: now, requests: 0, writes: 0, matched: 0, struck: 0 })
  }

  hasStruck(origin: Fault): boolean {
    return this.#felt.has(origin)
  }

  felt(fault: Fault): void {
    this.#felt.add(this.#armed.find((one) => one.fault === fault)?.origin ?? fault)
  }

  list(): readonly Fault[] {
    return this.#armed.map(({ fault }) => fault)
  }

  clear(): void {
    this.#armed = []
  }

  nextDue(locked = false): DueFault | undefined {
    if (this.#armed.length === 0) return undefined
    const timed = this.#armed.flatMap(({ fault, setAt }) =>
      hasTime(fault) && !(locked && fault.kind === 'hand-edit')
        ? [{ at: setAt + (fault.after ?? 0) * 1000, fault }]
        : [],
    )
    return timed.sort((a, b) => a.at - b.at)[0]
  }

  struck(fault: Fault): void {
    this.felt(fault)
    this.#armed = this.#armed.filter((armed) => armed.fault !== fault)
  }

  /** Takes the hands of a point of a config session off the board; one that comes some seconds later stays with its time. */
  handsOn(on: NonNullable<FaultTrigger['on']>, now: number): readonly Hand[] {
    return this.#come((fault) => fault.on === on, now)
  }

  handsAt(side: NonNullable<FaultTrigger['side']>, command: string, now: number): readonly Hand[] {
    for (const armed of this.#armed) {
      if (isHand(armed.fault) && isAt(armed.fault, side, command)) armed.matched += 1
    }
    return this.#come((fault, matched) => isAt(fault, side, command) && matched === (fault.nth ?? 1), now)
  }

  #come(wanted: (fault: Hand, matched: number) => boolean, now: number): readonly Hand[] {
    if (this.#armed.length === 0) return []
    const come: Hand[] = []
    for (const armed of [...this.#armed]) {
      const { fault, origin, matched } = armed
      if (!isHand(fault) || !wanted(fault, matched)) continue
      if (fault.after === undefined) {
        this.struck(fault)
        come.push(fault)
      } else {
        this.#armed = this.#armed.filter((one) => one !== armed)
        this.set(atTime(fault, fault.after), now, origin)
      }
    }
    return come
  }

  reboot(commands: readonly string[], committed: boolean): FaultOf<'reboot'> | undefined {
    return this.#take(
      'reboot',
      ({ after, command }) => after === undefined && (command === undefined ? committed : matches(command, commands)),
    )
  }

  refusedLine(line: number): FaultOf<'refuse-line'> | undefined {
    return this.#take('refuse-line', (fault) => fault.line === line)
  }

  refusedCommit(): string | undefined {
    return this.#take('refuse-commit')?.message
  }

  refusedCommand(line: string): FaultOf<'refuse-command'> | undefined {
    const found = this.#of('refuse-command').find(({ command }) => matches(command, [line]))
    if (found !== undefined) this.struck(found)
    return found
  }

  errorLine(line: string): string | undefined {
    return this.#take('error-line', ({ command }) => matches(command, [line]))?.message
  }

  saysOf<K extends 'line-warning' | 'line-question'>(kind: K, line: string, typed: number): readonly string[] {
    const about: readonly FaultOf<'line-warning' | 'line-question'>[] = this.lasting(kind, 0)
    return about
      .filter((fault) => (fault.line ?? typed) === typed)
      .filter(({ command }) => command === undefined || matches(command, [line]))
      .map((fault) => {
        this.felt(fault)
        return fault.message
      })
  }

  lasting<K extends LastingKind>(kind: K, now: number): readonly FaultOf<K>[] {
    return this.#armed.flatMap(({ fault, setAt }) =>
      fault.kind === kind && isOpen(fault, setAt, now) ? [fault as FaultOf<K>] : [],
    )
  }

  httpStatus(path: string): number | undefined {
    const found = this.#armed.find(({ fault }) => fault.kind === 'http-status' && (fault.path ?? path) === path)
    if (found?.fault.kind !== 'http-status') return undefined
    found.struck += 1
    this.felt(found.fault)
    if (found.struck >= (found.fault.times ?? 1)) this.struck(found.fault)
    return found.fault.status
  }

  /** Whether the session cookies became worthless since the last request. */
  expiresCookies(): boolean {
    return this.#take('expire-cookies') !== undefined
  }

  refusesLogins(now: number): boolean {
    return this.#isFelt(this.lasting('no-new-login', now))
  }

  judgesNoLogin(now: number): boolean {
    return this.#armed.length > 0 && this.#isFelt(this.lasting('aaa-away', now))
  }

  breaksTls(now: number): boolean {
    return this.#isFelt(this.lasting('tls-failure', now))
  }

  get keepsUnconfirmed(): boolean {
    return this.#isFelt(this.#of('timer-does-not-revert'))
  }

  /** Whether the connection dies because a commit took effect. */
  resetsAfterCommit(): boolean {
    return this.#take('reset-after-commit') !== undefined
  }

  unreachable(now: number): boolean {
    if (this.#armed.length === 0) return false
    return this.#isFelt(this.#windows().flatMap(({ from, to, fault }) => (now >= from && now < to ? [fault] : [])))
  }

  nextEdge(now: number): number | undefined {
    if (this.#armed.length === 0) return undefined
    const edges = this.#windows().flatMap(({ from, to }) => [from, to])
    return edges.filter((edge) => edge > now && Number.isFinite(edge)).sort((a, b) => a - b)[0]
  }

  disturb(request: RequestTraits): Disturbance {
    if (this.#armed.length === 0) return UNDISTURBED
    for (const armed of this.#armed) {
      armed.requests += 1
      if (request.writes) armed.writes += 1
    }
    const slow = this.#of('slow').filter(({ command }) => command === undefined || matches(command, request.commands))
    const saves = this.lasting('slow-save', 0).filter(() => matches(SAVE, request.commands))
    for (const fault of [...slow, ...saves]) this.felt(fault)
    const wrong = this.#triggered('wrong-answer', request)
    const lost = this.#triggered('lost-answer', request)
    return {
      delayBefore:
        1000 *
        (slow.reduce((sum, { before }) => sum + (before ?? 0), 0) + saves.reduce((sum, save) => sum + save.seconds, 0)),
      delayAfter: 1000 * slow.reduce((sum, fault) => sum + (fault.after ?? 0), 0),
      dies: lost && (lost.applied === false ? 'before' : 'after'),
      wrong,
    }
  }

  #triggered<K extends 'wrong-answer' | 'lost-answer'>(kind: K, request: RequestTraits): FaultOf<K> | undefined {
    const found = this.#armed.find(
      (armed): armed is ArmedFault<FaultOf<K>> => armed.fault.kind === kind && isTriggered(armed, request),
    )
    if (found !== undefined) this.struck(found.fault)
    return found?.fault
  }

  #isFelt(faults: readonly Fault[]) {
    for (const fault of faults) this.felt(fault)
    return faults.length > 0
  }

  #windows(): readonly { readonly from: number; readonly to: number; readonly fault: Fault }[] {
    return this.#armed.flatMap(({ fault, setAt }) => {
      if (fault.kind !== 'unreachable') return []
      const from = setAt + (fault.after ?? 0) * 1000
      return [{ fault, from, to: fault.for === undefined ? Number.POSITIVE_INFINITY : from + fault.for * 1000 }]
    })
  }

  // All that fit strike together; what they do is as the first of them says.
  #take<K extends Fault['kind']>(kind: K, fits: (fault: FaultOf<K>) => boolean = () => true): FaultOf<K> | undefined {
    const taken = this.#of(kind).filter(fits)
    for (const fault of taken) this.struck(fault)
    return taken[0]
  }

  #of<K extends Fault['kind']>(kind: K): readonly FaultOf<K>[] {
    return this.#armed.map(({ fault }) => fault).filter((fault): fault is FaultOf<K> => fault.kind === kind)
  }
}

// A save, as `copy` and `write` spell it.
const SAVE = '^(copy running-config startup-config|write( memory)?)$'

interface RequestTraits {
  readonly commands: readonly string[]
  readonly writes: boolean
}

// A fault that is set, with what it has seen since.
interface ArmedFault<T extends Fault = Fault> {
  readonly fault: T
  // The fault as it was set, where its moment was made a time since.
  readonly origin: Fault
  // Milliseconds since the epoch at which it was set.
  readonly setAt: number
  // Requests and writes seen since.
  requests: number
  writes: number
  // Commands seen since that match.
  matched: number
  // How often it has struck, where that can be more than once.
  struck: number
}

// When a lasting fault is on, seconds behind the moment at which it was set.
interface FaultWindow {
  readonly after?: number
  readonly for?: number
}

function isOpen(fault: { readonly kind: string } & FaultWindow, setAt: number, now: number) {
  const from = setAt + (fault.after ?? 0) * 1000
  return (fault.after === undefined || now >= from) && (fault.for === undefined || now < from + fault.for * 1000)
}

function isTriggered({ fault, writes, requests }: ArmedFault, { commands, writes: isWrite }: RequestTraits) {
  const { command, write, request } = fault as FaultOf<'wrong-answer' | 'lost-answer'>
  if (command !== undefined && !matches(command, commands)) return false
  if (write !== undefined) return isWrite && writes === write
  return request === undefined || requests === request
}

function hasTime(fault: Fault): fault is Hand | FaultOf<'reboot'> {
  if (isHand(fault)) return fault.after !== undefined && !waitsForPoint(fault)
  return fault.kind === 'reboot' && fault.after !== undefined
}

function isAt(fault: Hand, side: NonNullable<FaultTrigger['side']>, command: string) {
  return fault.command !== undefined && (fault.side ?? 'before') === side && matches(fault.command, [command])
}

function matches(pattern: string, commands: readonly string[]) {
  const expression = new RegExp(pattern)
  return commands.some((command) => expression.test(command))
}
