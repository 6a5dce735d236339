import { renderConfig } from '../src/eos/config/text/parse.ts'
import type { ConfigTree } from '../src/eos/config/text/tree.ts'
import { type InMemoryEapi, inMemoryEapi } from '../src/eos/sim/eapi/in-memory.ts'
import type { SimulatedSwitch } from '../src/eos/sim/fabric/simulated-fabric.ts'
import type { TerminalService } from '../src/eos/sim/ssh/service.ts'
import type { ConfigSession } from '../src/eos/sim/switch/config-session.ts'
import type { Switch } from '../src/eos/sim/switch/switch.ts'
import type { Timeline } from '../src/lab/trial/timeline.ts'
import { type Reading, readingOf } from './device-texts.ts'

const readings = new WeakMap<ConfigTree, Reading>()

/** What a configuration is to the checker. */
export function readingOfTree(tree: ConfigTree): Reading {
  let reading = readings.get(tree)
  if (reading === undefined) {
    reading = readingOf(renderConfig(tree))
    readings.set(tree, reading)
  }
  return reading
}

/** One physical switch, as it truly is: read beside all that the tool under test sees. */
export class Box {
  readonly name: string
  readonly device: Switch
  readonly eapi: InMemoryEapi
  readonly terminals: TerminalService
  /** Requests are carried out one after the other: when the last one will be done, milliseconds since the beginning. */
  busyUntil = 0
  /** Since when it cannot replay a text of its own, milliseconds since the beginning: neither its timer nor an abort puts it back then. */
  cannotReplaySince: number | undefined
  /** Whether a request to save has arrived that its sender had long given up: nobody can call it back. */
  isSavedLate = false
  /** Whether somebody else's commit timer has run out on it: what ran when that was armed runs again. */
  isTakenBackByOthers = false
  /** What is lost of the next request that takes effect on it; undefined: nothing on purpose. */
  losesNext: 'request' | 'answer' | undefined
  #outUntil = 0
  #cutSince: number | undefined
  readonly #timeline: Timeline

  constructor({ device, eapi, terminals }: SimulatedSwitch, timeline: Timeline) {
    this.name = device.name
    this.device = device
    this.eapi = inMemoryEapi(eapi)
    this.terminals = terminals
    this.#timeline = timeline
  }

  get running(): Reading {
    return readingOfTree(this.device.running)
  }

  get startup(): Reading {
    return readingOfTree(this.device.startup)
  }

  /** Whether startup-config holds what runs. */
  get isSaved(): boolean {
    const { running, startup } = this.device
    return running === startup || renderConfig(running) === renderConfig(startup)
  }

  /** What a config session makes of the configuration. */
  candidateOf(session: string): Reading {
    const { sessions, running } = this.device
    return readingOfTree(sessions.get(session)?.candidate ?? running)
  }

  /** The VLANs that hands have typed and that run. */
  get typed(): ReadonlySet<string> {
    return new Set(this.running.byHand.match(/vlan 7\d\d/g) ?? [])
  }

  /** The config sessions of an execution that are open. */
  openOf(prefix: string): readonly ConfigSession[] {
    return this.device.sessions
      .all()
      .filter(({ name, state }) => name.startsWith(prefix) && (state === 'pending' || state === 'armed'))
  }

  /** The session under the commit timer. */
  get armed(): string | undefined {
    return this.device.sessions.timer?.session
  }

  /** Nothing reaches it for a time. */
  out(milliseconds: number): void {
    this.#outUntil = Math.max(this.#outUntil, this.#timeline.now + milliseconds)
  }

  /** The outage is over. */
  back(): void {
    this.#outUntil = 0
  }

  /** What is lost of a request that takes effect now: only once. */
  losesNow(): 'request' | 'answer' | undefined {
    const lost = this.losesNext
    this.losesNext = undefined
    return lost
  }

  /** Whether a packet reaches it that belongs to a connection made at a time; undefined: one that is being made. */
  passes(connected: number | undefined, keepsConnections: boolean): boolean {
    this.device.settle()
    if (!this.device.up || this.#timeline.now < this.#outUntil) return false
    if (!this.running.cut) {
      this.#cutSince = undefined
      return true
    }
    this.#cutSince ??= this.#timeline.now
    return keepsConnections && connected !== undefined && connected < this.#cutSince
  }
}
