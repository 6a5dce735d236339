import type { Clock, Random } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/json.ts'
import { type ConfigTree, childAt, foundIn, hasChild } from '../../config/text/tree.ts'
import { readMaintenance } from '../converge/read-maintenance.ts'
import { atTime, type DueFault, FaultBoard, type FaultTrigger, type Hand } from '../fault/fault.ts'
import { type CliRefusal, refused, type SwitchFacts } from '../platform/facts.ts'
import type { Behaviour } from './behaviour.ts'
import { CommandLog } from './command-log.ts'
import type { Actor } from './config-session.ts'
import { ConfigSessions } from './config-sessions.ts'
import { ConfigStore } from './config-store.ts'
import { type Counters, type RequestRecord, zeroCounters } from './counters.ts'
import { type ReplayResult, replayed, wordsOf } from './replay.ts'
import type { SwitchOptions } from './switch-options.ts'
import { SYSLOG, Syslog, type SyslogMessage } from './syslog.ts'
import { Terminals } from './terminals.ts'

interface ManagementInterface {
  readonly name: string
  readonly address: string
}

const ADDRESS = /^ip address (\S+\/\d+|dhcp)$/

function managementInterfaceOf(tree: ConfigTree): ManagementInterface | undefined {
  for (const node of tree.children) {
    if (!node.line.startsWith('interface Management')) continue
    const [address] = foundIn(node.children, ADDRESS)
    if (address !== undefined) return { name: node.line.slice('interface '.length), address }
  }
  return undefined
}

// Whether eAPI answers under a configuration: the block exists, HTTP or HTTPS is not taken away, `no shutdown` stands in it and, where the
// management interface lies in a VRF, in that VRF too (docs/eos.md 1.6); and the interface still has the address that clients know and is not
// shut down.
function eapiReachable(tree: ConfigTree, management: ManagementInterface | undefined) {
  const api = childAt(tree, 'management api http-commands')
  if (api === undefined || !hasChild(api, 'no shutdown')) return false
  if (hasChild(api, 'no protocol https') && !api.children.some(({ line }) => line.startsWith('protocol http')))
    return false
  if (management === undefined) return true
  const way = wayIn(tree, management)
  if (way === undefined || way.vrf === undefined) return way !== undefined
  return hasChild(childAt(api, `vrf ${way.vrf}`), 'no shutdown')
}

function sshReachable(tree: ConfigTree, management: ManagementInterface | undefined, served = true) {
  const way = management === undefined ? {} : wayIn(tree, management)
  if (way === undefined) return false
  if (!served) return true
  const ssh = childAt(tree, 'management ssh')
  if (way.vrf === undefined) return !hasChild(ssh, 'shutdown')
  return hasChild(childAt(ssh, `vrf ${way.vrf}`), 'no shutdown')
}

function wayIn(tree: ConfigTree, management: ManagementInterface): { readonly vrf?: string } | undefined {
  const port = childAt(tree, `interface ${management.name}`)
  if (port === undefined || hasChild(port, 'shutdown') || !hasChild(port, `ip address ${management.address}`))
    return undefined
  const [vrf] = foundIn(port.children, /^vrf (?:forwarding )?(\S+)$/)
  return definedMembers({ vrf })
}

interface Held {
  readonly holder: object
  readonly by: Actor
  readonly transaction: string | undefined
}

class ConfigLock {
  #held: Held | undefined

  get held(): boolean {
    return this.#held !== undefined
  }

  against(cli: object, by: Actor): Actor | undefined {
    const held = this.#held
    if (held === undefined || held.holder === cli) return undefined
    return held.transaction !== undefined && held.by.user === by.user ? undefined : held.by
  }

  take(holder: object, by: Actor, transaction: string | undefined): void {
    this.#held = { holder, by, transaction }
  }

  release(transaction: string | undefined): boolean {
    if (this.#held === undefined || (transaction !== undefined && this.#held.transaction !== transaction)) return false
    this.#held = undefined
    return true
  }

  leave(cli: object): void {
    if (this.#held?.holder === cli && this.#held.transaction === undefined) this.#held = undefined
  }

  clear(): void {
    this.#held = undefined
  }
}

// So many requests are remembered.
const RECORDS = 10_000

export interface HandEdits {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly hand: Hand
}

/** Time is asked, never waited for: {@link Switch.settle} lets happen what has become due since the last access (an expired timer, a scheduled fault), each at its own time. */
export class Switch {
  readonly name: string
  readonly facts: SwitchFacts
  readonly options: SwitchOptions
  readonly behaviour: Behaviour
  readonly config: ConfigStore
  readonly sessions: ConfigSessions
  readonly faults = new FaultBoard()
  readonly counters: Counters = zeroCounters()
  readonly requests: RequestRecord[] = []
  readonly syslog = new Syslog()
  readonly commandLog = new CommandLog()
  readonly terminals = new Terminals()
  readonly lock = new ConfigLock()
  /** What others have done to it, in the order in which it happened. */
  readonly hands: HandEdits[] = []
  readonly random: Random
  readonly madeWith: ConfigTree
  readonly #clock: Clock
  readonly #management: ManagementInterface | undefined
  // Whether the boot configuration lets SSH in; one that does not is taken to be reached by another way.
  readonly #sshConfigured: boolean
  readonly #watchers = new Set<() => void>()
  #judged: { readonly running: ConfigTree; readonly eapi: boolean } | undefined
  #bootedAt: number
  #quiesced: ReadonlySet<string> = new Set()
  readonly #maintenance = new Map<string, { readonly at: number; readonly seconds: number }>()

  constructor(options: SwitchOptions, clock: Clock, random: Random) {
    this.name = options.name
    this.facts = options.facts
    this.options = options
    this.behaviour = options.behaviour
    this.random = random
    this.#clock = clock
    this.#bootedAt = clock.now() - options.uptimeSeconds * 1000
    this.config = new ConfigStore(
      options,
      () => random.hex(16),
      this.#bootedAt,
      () => this.#changed(),
    )
    this.madeWith = this.config.running
    this.#quiesced = quiescedIn(this.config.running)
    this.#management = options.managementOutside ? undefined : managementInterfaceOf(this.config.running)
    this.#sshConfigured = sshReachable(this.config.running, this.#management)
    this.sessions = new ConfigSessions({
      config: this.config,
      behaviour: options.behaviour,
      counters: this.counters,
      faults: this.faults,
      random,
      now: () => this.now,
      log: (message, at) => this.#log(message, at),
      replace: (source, name, by, at) => this.replace(source, name, by, at),
      handsOn: (on) => {
        for (const hand of this.faults.handsOn(on, this.now)) this.#act(hand, this.now)
      },
    })
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#clock.now()
  }

  /** Milliseconds since the epoch; in the future while it boots. */
  get bootedAt(): number {
    return this.#bootedAt
  }

  get up(): boolean {
    return this.now >= this.#bootedAt
  }

  get maintenance(): ReadonlyMap<string, { readonly at: number; readonly seconds: number }> {
    return this.#maintenance
  }

  get running(): ConfigTree {
    return this.config.running
  }

  get startup(): ConfigTree {
    return this.config.startup
  }

  get reachable(): boolean {
    if (!this.up || this.faults.unreachable(this.now)) return false
    if (this.options.managementOutside) return true
    if (this.#judged?.running !== this.running) {
      this.#judged = { running: this.running, eapi: eapiReachable(this.running, this.#management) }
    }
    return this.#judged.eapi
  }

  get sshReachable(): boolean {
    if (!this.up || this.faults.unreachable(this.now)) return false
    if (this.options.managementOutside) return true
    return sshReachable(this.running, this.#management, this.#sshConfigured)
  }

  get commits(): number {
    const { plain, timed, confirms } = this.counters.commits
    return plain + timed + confirms
  }

  /** Whether a connection dies of the commands that it brought, by a fault that waits for them or for a commit; `before` is how many commits there were. */
  diesOf(commands: readonly string[], before: number): boolean {
    const committed = this.commits > before
    const reboot = this.faults.reboot(commands, committed)
    if (reboot !== undefined) this.reboot(reboot.seconds)
    const reset = committed && this.faults.resetsAfterCommit()
    return reset || reboot !== undefined
  }

  record(request: RequestRecord): void {
    this.requests.push(request)
    if (this.requests.length > RECORDS) this.requests.shift()
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  /** The next time at which something happens by itself, milliseconds since the epoch. */
  get nextWake(): number | undefined {
    const { timer } = this.sessions
    const times = [
      timer?.deadline,
      this.faults.nextDue(this.lock.held)?.at,
      this.faults.nextEdge(this.now),
      this.#bootedAt,
    ]
    const ahead = times.filter((time): time is number => time !== undefined && time > this.now)
    return ahead.length === 0 ? undefined : Math.min(...ahead)
  }

  settle(): void {
    for (;;) {
      const due = this.faults.nextDue(this.lock.held)
      const strikes = due?.at ?? Number.POSITIVE_INFINITY
      const expires = this.sessions.timer?.deadline ?? Number.POSITIVE_INFINITY
      if (Math.min(expires, strikes) > this.now) break
      if (due === undefined || expires <= strikes) this.sessions.expire()
      else this.#strike(due)
    }
    this.sessions.discardOld(this.now)
    this.sessions.note()
  }

  replace(source: ConfigTree, name: string, by: Actor, at = this.now): CliRefusal | undefined {
    const { tree, missing, isSilent } = this.replayed(source)
    const failure = missing.length > 0 && !isSilent ? refused(wordsOf(missing)) : undefined
    if (failure !== undefined && this.behaviour.failedReplay === 'nothing') return failure
    this.config.run(tree)
    this.#log(SYSLOG.replaced(name, by), at)
    return failure
  }

  replayed(tree: ConfigTree): ReplayResult {
    const faults = this.faults.lasting('replay-fails', this.now)
    return replayed(tree, faults, (fault) => this.faults.felt(fault), this.behaviour.failedReplay)
  }

  get takesLogins(): boolean {
    return !this.faults.refusesLogins(this.now)
  }

  /** The switch starts again from startup-config: pending sessions and the timer are gone (docs/eos.md 2.3). */
  reboot(seconds: number = this.behaviour.bootSeconds, at: number = this.now): void {
    this.sessions.clear()
    this.lock.clear()
    this.config.run(this.config.startup)
    this.#bootedAt = at + seconds * 1000
    this.#log(SYSLOG.startup(), this.#bootedAt)
    this.#changed()
  }

  #changed() {
    const quiesced = quiescedIn(this.running)
    const turned = { at: this.now, seconds: this.behaviour.maintenanceSeconds }
    for (const unit of new Set([...quiesced, ...this.#quiesced]))
      if (quiesced.has(unit) !== this.#quiesced.has(unit)) this.#maintenance.set(unit, turned)
    this.#quiesced = quiesced
    for (const listener of this.#watchers) listener()
  }

  #strike({ fault, at }: DueFault) {
    this.faults.struck(fault)
    if (fault.kind === 'reboot') this.reboot(fault.seconds, at)
    else this.#act(fault, at)
  }

  handsAt(side: NonNullable<FaultTrigger['side']>, command: string): void {
    for (const hand of this.faults.handsAt(side, command, this.now)) this.#act(hand, this.now)
  }

  #act(hand: Hand, at: number) {
    if (hand.kind === 'hand-edit' && this.lock.held) {
      this.faults.set(atTime(hand, 0), at, hand)
      return
    }
    this.hands.push({ at, hand })
    if (hand.kind === 'hand-save') this.config.save(at)
    else if (hand.kind === 'block-appears') this.config.type([hand.block])
    else {
      this.config.type(hand.lines)
      this.#log(SYSLOG.configured({ user: hand.user ?? 'operator', from: 'vty5 (127.0.0.1)' }), at)
    }
  }

  #log(message: SyslogMessage, at = this.now) {
    this.syslog.write(at, this.config.hostname, message)
  }
}

function quiescedIn(running: ConfigTree): ReadonlySet<string> {
  return new Set([...readMaintenance(running).units].flatMap(([name, { quiesced }]) => (quiesced ? [name] : [])))
}
