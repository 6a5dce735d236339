import type { Random } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { gathered } from '../../../model/json.ts'
import { orderGroup } from '../../config/diff/order.ts'
import type { ConfigNode, ConfigTree } from '../../config/text/tree.ts'
import type { FaultBoard, FaultTrigger } from '../fault/fault.ts'
import { type CliRefusal, DONE, type Reply, refused } from '../platform/facts.ts'
import type { Behaviour } from './behaviour.ts'
import type { Actor, CommitTimer, ConfigSession } from './config-session.ts'
import type { ConfigStore } from './config-store.ts'
import type { Counters } from './counters.ts'
import { SYSLOG, type SyslogMessage } from './syslog.ts'

interface ListedSessions {
  readonly sessions: readonly ConfigSession[]
  readonly timer: CommitTimer | undefined
}

// The longest that a list can lag behind, in milliseconds.
const LONGEST_LAG = 5000

const NOTHING: ListedSessions = { sessions: [], timer: undefined }

interface Noted {
  // Milliseconds since the epoch.
  readonly at: number
  readonly listed: ListedSessions
}

// What the list of config sessions was in the last seconds: each state with the time at which it began.
class SessionHistory {
  #noted: readonly Noted[] = []

  note(at: number, listed: ListedSessions): void {
    if (isSame(this.#noted.at(-1)?.listed ?? NOTHING, listed)) return
    const before = this.#noted.filter((noted) => noted.at < at)
    const last = before.findLastIndex((noted) => noted.at <= at - LONGEST_LAG)
    this.#noted = [...before.slice(Math.max(0, last)), { at, listed }]
  }

  at(time: number): ListedSessions {
    return this.#noted.findLast(({ at }) => at <= time)?.listed ?? NOTHING
  }
}

function isSame(a: ListedSessions, b: ListedSessions) {
  if (a.timer !== b.timer || a.sessions.length !== b.sessions.length) return false
  return a.sessions.every((session, index) => session === b.sessions[index])
}

const PRE_COMMIT_COPY = 'file:/tmp/commitTimerCheckPointConfig.txt'

export interface SessionHost {
  readonly config: ConfigStore
  readonly behaviour: Behaviour
  readonly counters: Counters
  readonly faults: FaultBoard
  readonly random: Random
  now(): number
  log(message: SyslogMessage, at?: number): void
  replace(source: ConfigTree, name: string, by: Actor, at: number): CliRefusal | undefined
  handsOn(on: NonNullable<FaultTrigger['on']>): void
}

/** The config sessions of a switch and its commit timer: the states of docs/eos.md 2.3. */
export class ConfigSessions {
  readonly #host: SessionHost
  readonly #sessions = new Map<string, ConfigSession>()
  readonly #history = new SessionHistory()
  #timer: CommitTimer | undefined

  constructor(host: SessionHost) {
    this.#host = host
  }

  get timer(): CommitTimer | undefined {
    return this.#timer
  }

  all(): readonly ConfigSession[] {
    return [...this.#sessions.values()]
  }

  get(name: string): ConfigSession | undefined {
    return this.#sessions.get(name)
  }

  listed(): ListedSessions {
    const now = this.#host.now()
    const lags = this.#host.faults.lasting('session-list-lag', now)
    for (const fault of lags) this.#host.faults.felt(fault)
    const lag = Math.max(0, ...lags.map(({ seconds }) => seconds))
    return lag === 0 ? { sessions: this.all(), timer: this.#timer } : this.#history.at(now - lag * 1000)
  }

  note(at = this.#host.now()): void {
    this.#history.note(at, { sessions: this.all(), timer: this.#timer })
  }

  get room(): number {
    return this.#host.config.knobs.maxPending - this.#pending().length
  }

  open(name: string | undefined, by: Actor): ConfigSession | CliRefusal {
    const { behaviour, config, random } = this.#host
    const present = name === undefined ? undefined : this.#sessions.get(name)
    if (present?.state === 'completed') return this.#refuse('completed', present.name)
    if (present?.state === 'pending' || present?.state === 'armed') {
      this.#host.log(SYSLOG.entered(present.name, by))
      return present
    }
    if (this.room <= 0) return this.#refuse('tooManySessions', name ?? '')
    const session: ConfigSession = {
      name: name ?? automaticName(behaviour.sessionNames, random),
      state: 'pending',
      candidate: config.running,
      typed: [],
      openedBy: by.user,
      openedAt: this.#host.now(),
      closedBy: '',
    }
    this.#put(session)
    this.#host.log(SYSLOG.entered(session.name, by))
    this.#host.handsOn('session-open')
    return session
  }

  update(name: string, candidate: ConfigTree, typed: readonly Command[]): void {
    const session = this.#sessions.get(name)
    if (session?.state !== 'pending') return
    this.#put({ ...session, candidate: layoutLike(candidate, this.#host.config.running), typed })
  }

  leave(name: string, by: Actor): void {
    this.#host.log(SYSLOG.exited(name, by))
  }

  resetBy({ cmd }: Command): ConfigTree | undefined {
    if (/^rollback\s+clean-config$/.test(cmd)) return this.#host.config.clean
    const copied = /^copy\s+(\S+)\s+session-config$/.exec(cmd)?.[1]
    return copied === undefined ? undefined : this.#host.config.source(copied)
  }

  commit(name: string, by: Actor): Reply {
    const session = this.#committable(name)
    if ('ok' in session) return session
    const { config, counters } = this.#host
    if (session.state === 'armed') {
      this.#timer = undefined
      counters.commits.confirms += 1
    } else {
      const before = config.running
      config.run(this.#outcome(session))
      config.checkpoint(undefined, by.user, this.#host.now(), before)
      counters.commits.plain += 1
    }
    this.#finish(session, 'completed', by)
    this.#host.log(SYSLOG.committed(name, by))
    if (config.knobs.saveToStartup) config.save(this.#host.now())
    this.#host.handsOn('commit')
    return DONE
  }

  commitTimer(name: string, seconds: number, by: Actor): Reply {
    const session = this.#committable(name)
    if ('ok' in session) return session
    if (session.state === 'armed' && this.#host.behaviour.rearm === 'refuse') return this.#refuse('armed', name)
    const { config, counters } = this.#host
    const now = this.#host.now()
    const before = this.#timer?.before ?? config.running
    if (session.state !== 'armed') config.run(this.#outcome(session))
    this.#timer = { session: name, deadline: now + seconds * 1000, before }
    this.#put({ ...session, state: 'armed', closedBy: by.user, closedAt: now })
    counters.commits.timed += 1
    this.#host.log(SYSLOG.timerStarted(name, by, seconds))
    this.#host.log(SYSLOG.committed(name, by))
    this.#host.handsOn('commit')
    this.#host.handsOn('armed')
    return DONE
  }

  abort(name: string, by: Actor): Reply {
    const session = this.#sessions.get(name)
    if (session === undefined || session.state === 'completed') return this.#refuse('notFound', name)
    if (session.state === 'aborted') return DONE
    const failed = session.state === 'armed' ? this.#rollBack(by, this.#host.now()) : undefined
    if (session.state === 'armed' && failed === undefined) this.#host.log(SYSLOG.timerCanceled(name))
    this.#finish(session, 'aborted', by)
    this.#host.log(SYSLOG.aborted(name, by))
    return failed ?? DONE
  }

  forget(name: string, by: Actor): Reply {
    const session = this.#sessions.get(name)
    if (session === undefined) return this.#refuse('notFound', name)
    if (session.state === 'armed') return this.abort(name, by)
    this.#sessions.delete(name)
    return DONE
  }

  expire(): void {
    const timer = this.#timer
    if (timer === undefined) return
    const session = this.#sessions.get(timer.session)
    const by = { user: session?.closedBy ?? 'root', from: 'commit timer' }
    this.#host.counters.expiries += 1
    this.#host.log(SYSLOG.timerExpired(timer.session), timer.deadline)
    if (this.#host.faults.keepsUnconfirmed) this.#timer = undefined
    else this.#rollBack(by, timer.deadline)
    if (session !== undefined) this.#finish(session, 'aborted', by)
    this.note(timer.deadline)
  }

  /** Discards the sessions that have been pending too long (docs/eos.md 2.3). */
  discardOld(now: number): void {
    const oldest = now - this.#host.behaviour.pendingHours * 3_600_000
    for (const { name, openedAt } of this.#pending()) if (openedAt <= oldest) this.#sessions.delete(name)
  }

  clear(): void {
    this.#sessions.clear()
    this.#timer = undefined
  }

  #committable(name: string) {
    const session = this.#sessions.get(name)
    if (session === undefined || session.state === 'aborted') return this.#refuse('notFound', name)
    if (session.state === 'completed') return this.#refuse('completed', name)
    if (this.#timer !== undefined && this.#timer.session !== name) {
      return this.#refuse('timerOfOther', this.#timer.session)
    }
    const refusal = this.#host.faults.refusedCommit()
    if (refusal !== undefined) return refused(refusal)
    this.#host.handsOn('before-commit')
    return session
  }

  #outcome(session: ConfigSession) {
    const { config } = this.#host
    if (!config.knobs.mergeOnCommit) return session.candidate
    let mode = config.mode()
    for (const command of session.typed) {
      const reset = this.resetBy(command)
      if (reset === undefined) mode.type(command)
      else mode = config.mode(reset)
    }
    return mode.finish()
  }

  #finish(session: ConfigSession, state: 'completed' | 'aborted', by: Actor) {
    if (state === 'aborted' && !this.#host.behaviour.keepsAborted) this.#sessions.delete(session.name)
    else this.#put({ ...session, state, closedBy: by.user, closedAt: this.#host.now() })
    const keep = Math.max(this.#host.config.knobs.maxCompleted, state === 'aborted' ? 1 : 0)
    const finished = this.all()
      .filter((one) => one.state === state)
      .reverse()
      .sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))
    for (const { name } of finished.slice(keep)) this.#sessions.delete(name)
  }

  // Puts the copy from before the armed commit back; gives why it cannot, and then nothing is put back unless `failedReplay` says so [I].
  #rollBack(by: Actor, at: number) {
    const timer = this.#timer
    this.#timer = undefined
    return timer && this.#host.replace(timer.before, PRE_COMMIT_COPY, by, at)
  }

  #pending() {
    return this.all().filter((session) => session.state === 'pending')
  }

  #put(session: ConfigSession) {
    this.#sessions.set(session.name, session)
  }

  #refuse(text: keyof Behaviour['says'], session: string) {
    return refused(this.#host.behaviour.says[text].replace('%s', session))
  }
}

function automaticName(form: Behaviour['sessionNames'], random: Random) {
  const [first, second] = [Number.parseInt(random.hex(2), 16), Number.parseInt(random.hex(4), 16)]
  return form === 'sess-N-N-0' ? `sess-${first}-${140_320_000_000_000 + second}-0` : `sess-${first}--${second}-1`
}

/** In which order EOS prints, and what it groups without a `!`, is in no manual; its own text shows it. */
export function layoutLike(tree: ConfigTree, printed: ConfigTree): ConfigTree {
  const children = alike(tree.children, printed.children, undefined)
  return children === tree.children ? tree : { ...tree, children }
}

function alike(
  nodes: readonly ConfigNode[],
  printed: readonly ConfigNode[],
  parent: string | undefined,
): readonly ConfigNode[] {
  if (nodes === printed) return nodes
  const places = new Map(printed.map((node, index) => [node.line, index]))
  const ordered = inOrder(nodes, places, parent)
  const beside = new Map(printed.map((node, index) => [neighbours(printed, index), node]))
  const laidOut = ordered.map((node, index) =>
    like(node, beside.get(neighbours(ordered, index)), printed[places.get(node.line) ?? -1]),
  )
  return laidOut.every((node, index) => node === nodes[index]) ? nodes : laidOut
}

function inOrder(nodes: readonly ConfigNode[], places: ReadonlyMap<string, number>, parent: string | undefined) {
  let place = -1
  const placed = nodes.map((node) => {
    place = places.get(node.line) ?? place
    return { node, place }
  })
  const sorted = placed.sort((a, b) => a.place - b.place).map(({ node }) => node)
  const groupOf = ({ line }: ConfigNode) => orderGroup(line, parent)
  const entered = gathered(nodes.map((node) => [groupOf(node), node]))
  entered.delete(undefined)
  return sorted.map((node) => entered.get(groupOf(node))?.shift() ?? node)
}

function like(node: ConfigNode, beside: ConfigNode | undefined, same: ConfigNode | undefined): ConfigNode {
  const children = same === undefined ? node.children : alike(node.children, same.children, node.line)
  const lead = beside?.lead ?? node.lead
  const tail = same !== undefined && endsAlike(children, same.children) ? same.tail : node.tail
  const isSame = children === node.children && sameRows(lead, node.lead) && sameRows(tail, node.tail)
  return isSame ? node : { ...node, lead, children, tail }
}

function neighbours(nodes: readonly ConfigNode[], index: number) {
  return `${nodes[index - 1]?.line ?? ''}\n${nodes[index]?.line ?? ''}`
}

function endsAlike(nodes: readonly ConfigNode[], printed: readonly ConfigNode[]) {
  return nodes.at(-1)?.line === printed.at(-1)?.line
}

function sameRows(a: readonly string[], b: readonly string[]) {
  return a === b || (a.length === b.length && a.every((row, index) => row === b[index]))
}
