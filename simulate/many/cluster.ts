import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { takesOver } from '../../src/change/record/store/lease.ts'
import { sleepOn, type Timeline } from '../../src/lab/trial/timeline.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { Clock } from '../../src/model/clock.ts'
import { EosflowError } from '../../src/model/error.ts'
import { COMMITS, newSimulatedStore, type SimulatedStore } from '../simulated-store.ts'
import type { ClusterPorts } from './cluster-ports.ts'
import { Death } from './death.ts'
import type { Flaws } from './flaws.ts'
import { APPEND_FATES, type AppendFate, type Machines } from './machines.ts'

/** Who drives an execution. */
export interface Owner {
  readonly life: Life
  readonly token: number
}

/** What is asked for when records are to be written. */
export interface Sending {
  readonly execution: string | undefined
  readonly events: readonly EventBody[]
  readonly hash: string
  /** Writes what the store keeps. */
  write(): Promise<readonly JournalEvent[]>
}

/**
 * A database behind a network, as its processes meet it: it knows who drives what, it may be away, and an answer may be lost. What it keeps, and
 * refuses by its records, is the shipped store.
 */
export class Cluster {
  readonly machines: Machines
  readonly flaws: Flaws
  readonly timeline: Timeline
  readonly death: Death
  readonly #ports: ClusterPorts
  readonly #owners = new Map<string, Owner>()
  readonly #tokens = new Map<string, number>()
  /** By execution, the hash over its chain. */
  readonly #hashes = new Map<string, string>()
  readonly #written = new Map<string, readonly JournalEvent[]>()
  #making: Promise<SimulatedStore> | undefined
  #store: SimulatedStore | undefined
  #awayUntil = 0
  #awaySince: number | undefined
  /** When each process was last left in doubt. */
  readonly #doubts = new Map<Life, number>()
  readonly #cutOff = new Map<Life, { readonly since: number; readonly until: number }>()

  constructor(ports: ClusterPorts) {
    const { machines, flaws, timeline } = ports
    this.#ports = ports
    this.machines = machines
    this.flaws = flaws
    this.timeline = timeline
    this.death = new Death(ports, this)
  }

  /** Makes what it keeps. */
  async create(): Promise<void> {
    this.#making ??= newSimulatedStore(this.clock)
    this.#store = await this.#making
  }

  /** Nobody asks it any more. */
  async close(): Promise<void> {
    this.death.close()
    await this.#store?.close()
  }

  /** What it keeps, as one of its processes has it open. */
  opened(clock: Clock): SimulatedStore {
    const { machines, flaws } = this
    return this.#kept.opened({
      clock,
      // A commit is one act: nobody else has a turn while one is judged and written.
      moment: COMMITS.alone,
      leaseTime: () => this.clock.now(),
      quarantineSeconds: flaws.quarantineSeconds ?? machines.quarantineSeconds,
    })
  }

  get #kept(): SimulatedStore {
    if (this.#store === undefined) throw new Error('the database was not made')
    return this.#store
  }

  /** The newest record of all. */
  get newestOfAll(): number {
    return this.#kept.newest
  }

  /** Whether its workers ask for words to stop, as they do where a change is over several sites. */
  get asksForWords(): boolean {
    return this.#ports.atSites
  }

  /** The time of the database: true time. */
  get clock(): Clock {
    return this.timeline.clock()
  }

  /** The database is away for a time: for everybody, or out of the reach of one process. */
  goAway(milliseconds: number, alone?: Life): void {
    const { now } = this.timeline
    if (alone !== undefined) this.#cutOff.set(alone, { since: now, until: now + milliseconds })
    if (alone !== undefined || this.isAway()) return
    this.#awaySince = now
    this.#awayUntil = now + milliseconds
  }

  /** Whether a process, or a reaper (undefined), cannot reach it now. */
  isAway(life?: Life): boolean {
    return this.awaySince(life) !== undefined
  }

  /** Since when a process has not been able to reach it. */
  awaySince(life?: Life): number | undefined {
    const { now } = this.timeline
    const cut = life === undefined ? undefined : this.#cutOff.get(life)
    const own = cut !== undefined && now < cut.until ? cut.since : undefined
    const all = now < this.#awayUntil ? this.#awaySince : undefined
    return own === undefined || all === undefined ? (own ?? all) : Math.min(own, all)
  }

  /** Whether a process could not reach it at some time since a moment. */
  wasAway(life: Life, since: number): boolean {
    return Math.max(this.#awayUntil, this.#cutOff.get(life)?.until ?? 0) > since
  }

  /** A process does not know what has become of a write. */
  doubt(life: Life): void {
    this.#doubts.set(life, this.timeline.now)
  }

  /** Whether a process has waited for it since a moment: it was away, or has left a write in doubt. */
  hasHeldUp(life: Life, since: number): boolean {
    return this.wasAway(life, since) || (this.#doubts.get(life) ?? 0) > since
  }

  /** Lets the time of one way pass. */
  async travel(): Promise<void> {
    await sleepOn(this.timeline, 1 + Math.floor(this.#ports.random.fraction() * this.machines.latency))
  }

  /** Lets the time pass in which somebody finds out that nobody answers. */
  async silence(): Promise<void> {
    await sleepOn(this.timeline, this.#ports.random.fraction() < 0.5 ? 30 : 5_000)
  }

  /** How long an append that nobody has heard of is still on its way, in milliseconds. */
  lateness(): number {
    return 100 + this.#ports.random.fraction() * 6_000
  }

  fate(): AppendFate | undefined {
    const { machines, areOn, random, meet } = this.#ports
    let left = random.fraction()
    for (const fate of areOn() ? APPEND_FATES : []) {
      left -= machines.appends[fate]
      if (left >= 0) continue
      meet(fate)
      return fate
    }
    return undefined
  }

  meet(what: string): void {
    this.#ports.meet(what)
  }

  ownerOf(execution: string): Owner | undefined {
    return this.#owners.get(execution)
  }

  /** The executions that a process drives. */
  ownedBy(life: Life): readonly string[] {
    return [...this.#owners].flatMap(([execution, owner]) => (owner.life === life ? [execution] : []))
  }

  newest(execution: string): { readonly seq: number; readonly hash: string } {
    return { seq: this.#kept.lastOf(execution), hash: this.#hashes.get(execution) ?? '' }
  }

  /** The records of a write that was written. */
  recordsOf(hash: string): readonly JournalEvent[] {
    return this.#written.get(hash) ?? []
  }

  /** Throws `busy` unless a process drives an execution. */
  requireOwner(execution: string, life: Life, device?: string): void {
    const owner = this.#owners.get(execution)
    if (owner?.life === life && !this.death.isDead(life)) return
    throw new EosflowError(
      'busy',
      `execution ${execution} was taken over by another process`,
      device === undefined ? {} : { device },
    )
  }

  /** One transaction: the token, the newest record, the leases, the records. `life`: who writes; a person drives nothing. */
  async commit(life: Life | undefined, sending: Sending): Promise<readonly JournalEvent[]> {
    const { execution, events, hash } = sending
    // Who begins one has it, until it leaves it to others.
    const isTaking = events.some((event) => takesOver(event) || event.type === 'ExecutionStarted')
    if (execution !== undefined && life !== undefined) {
      if (isTaking) this.#requireFree(execution, life)
      else if (this.flaws.noToken !== true) this.requireOwner(execution, life)
    }
    const written = await sending.write()
    if (execution === undefined) return written
    if (life !== undefined && isTaking) this.#take(execution, life)
    if (events.some(({ type }) => type === 'ExecutionEnded')) this.#owners.delete(execution)
    this.#hashes.set(execution, hash)
    this.#written.set(hash, written)
    return written
  }

  /** Whether a process has it that was not declared dead. */
  isDriven(execution: string): boolean {
    const owner = this.#owners.get(execution)
    return owner !== undefined && !this.death.isDead(owner.life)
  }

  /** A process leaves an execution to others. */
  leave(execution: string, life: Life): void {
    if (this.#owners.get(execution)?.life === life) this.#owners.delete(execution)
  }

  /** A process ends and says so: it drives nothing any more. */
  end(life: Life): void {
    for (const execution of this.ownedBy(life)) this.#owners.delete(execution)
    this.death.end(life)
  }

  #requireFree(execution: string, life: Life): void {
    const owner = this.#owners.get(execution)
    const isFree = owner === undefined || owner.life === life || this.death.isDead(owner.life)
    if (!this.death.isDead(life) && (isFree || this.flaws.takesFromTheLiving === true)) return
    this.#ports.meet('claim refused')
    throw new EosflowError('busy', `execution ${execution} is run by another process`)
  }

  #take(execution: string, life: Life): void {
    const before = this.#owners.get(execution)
    const token = (this.#tokens.get(execution) ?? 0) + 1
    this.#tokens.set(execution, token)
    this.#owners.set(execution, { life, token })
    if (before === undefined || before.life === life) return
    this.#ports.meet('taken over')
    this.#ports.watch.note?.(`controller ${life.number} takes ${execution} over from controller ${before.life.number}`)
    this.#ports.watch.takenOver?.(before.life, this.death.isDead(before.life))
  }
}
