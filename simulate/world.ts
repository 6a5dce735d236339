import { checkpointName } from '../src/change/task/act/act.ts'
import { SimulatedFabric } from '../src/eos/sim/fabric/simulated-fabric.ts'
import type { Fault, FaultTrigger } from '../src/eos/sim/fault/fault.ts'
import type { Actor } from '../src/eos/sim/switch/config-session.ts'
import type { Timeline } from '../src/lab/trial/timeline.ts'
import type { Random } from '../src/model/clock.ts'
import { Box } from './box.ts'
import { PASSWORD, switchOf } from './device-texts.ts'
import { PAST } from './past-changes.ts'
import type { Scenario } from './scenario.ts'
import type { Watch } from './watch.ts'

/** How long nobody answers while an address goes from one switch to another, in milliseconds. */
const SWAP = 8_000

/** What the sessions of another tool begin with. */
const FOREIGN_TOOL = 'napalm'

const SOMEBODY: Actor = { user: 'operator', from: 'vty5 (192.0.2.250)' }

/** Commands of the protocol, before or behind which somebody may act. */
const COMMANDS = [
  '^show running-config$',
  '^show running-config diffs$',
  '^show version$',
  '^configure session \\S+$',
  '^configure checkpoint save ',
  ' commit timer ',
  ' commit$',
  ' abort$',
  '^copy running-config startup-config$',
  '^configure replace ',
] as const

/** An instant within the requests that follow. */
function instantOf(draw: number): FaultTrigger {
  const place = draw * COMMANDS.length
  const within = (place % 1) * 2
  return {
    command: COMMANDS[Math.floor(place)] ?? '.',
    side: within < 1 ? 'before' : 'behind',
    nth: within % 1 < 0.7 ? 1 : 2,
  }
}

/** The switches of a history, and what befalls them from outside. */
export class World {
  /** By the name of the switch. */
  readonly boxes: ReadonlyMap<string, Box>
  /** What answers in the place of a switch while its address is somebody else's. */
  readonly #impostors = new Map<string, { readonly box: Box; readonly until: number }>()
  readonly #spares: ReadonlyMap<string, Box>
  readonly #timeline: Timeline
  readonly #watch: Watch
  readonly #fabric: SimulatedFabric
  #edits = 0

  constructor({ switches, disturbances, hasPast }: Scenario, timeline: Timeline, random: Random, watch: Watch) {
    const needsSpares = disturbances.some(({ what }) => what === 'impostor')
    const entries = switches.map(({ name, eos }, index) => switchOf(name, index + 1, eos))
    const spares = needsSpares
      ? switches.map(({ name, eos }, index) => switchOf(name, index + 1, eos, `${name}-other`))
      : []
    this.#fabric = new SimulatedFabric(
      {
        name: 'history',
        credentials: { username: 'admin', password: PASSWORD },
        devices: [...entries, ...spares],
        cabling: [],
        faults: [],
      },
      { clock: timeline.clock(), random },
    )
    const boxOf = (name: string): Box => new Box(this.#fabric.get(name), timeline)
    this.#timeline = timeline
    this.#watch = watch
    this.boxes = new Map(switches.map(({ name }) => [name, boxOf(name)]))
    for (const { device } of hasPast ? this.boxes.values() : []) {
      for (const { id } of PAST) device.config.checkpoint(checkpointName(id), 'admin', timeline.now)
    }
    this.#spares = new Map(needsSpares ? switches.map(({ name }) => [name, boxOf(`${name}-other`)]) : [])
  }

  /** Every switch, those that stand in for another one too. */
  all(): readonly Box[] {
    return [...this.boxes.values(), ...this.#spares.values()]
  }

  /** The switch that is meant by a name. Throws a RangeError when there is none. */
  box(name: string): Box {
    const box = this.boxes.get(name)
    if (box === undefined) throw new RangeError(`no switch ${name}`)
    return box
  }

  /** The switch that answers at the address of another one, or its own. */
  boxAt(name: string): Box {
    const impostor = this.#impostors.get(name)
    return impostor !== undefined && impostor.until > this.#timeline.now ? impostor.box : this.box(name)
  }

  /** Lets what is due on a switch happen at its time. */
  touched(box: Box): void {
    const timer = box.device.sessions.timer
    if (timer === undefined) return
    const left = timer.deadline - box.device.now
    this.#timeline.after(left, () => {
      if (box.device.sessions.timer?.deadline !== timer.deadline) return
      box.device.settle()
      box.isTakenBackByOthers ||= timer.session.startsWith(FOREIGN_TOOL)
      this.#watch.moved?.(box, 'its commit timer has run out')
    })
  }

  /** Somebody configures a switch by hand. */
  handEdit(box: Box, lines: readonly string[]): void {
    this.#fabric.fault({ kind: 'hand-edit', device: box.name, lines })
    this.#watch.moved?.(box, `by hand: ${lines.join(' / ')}`)
  }

  /** Somebody adds a VLAN that nobody else uses. */
  editBeside(box: Box): void {
    this.handEdit(box, this.#vlan())
  }

  /** The same before or behind one of the next commands of a request: between any two of them. */
  editInRequest(box: Box, draw: number): void {
    this.fault(box, { kind: 'hand-edit', lines: this.#vlan(), ...instantOf(draw) })
  }

  /** Somebody saves, whatever runs. */
  handSave(box: Box): void {
    this.fault(box, { kind: 'hand-save' })
    this.#watch.moved?.(box, 'saved by hand')
  }

  /** The same before or behind one of the next commands of a request. */
  saveInRequest(box: Box, draw: number): void {
    this.fault(box, { kind: 'hand-save', ...instantOf(draw) })
  }

  /** Somebody takes startup-config away. */
  eraseStartup(box: Box): void {
    this.fault(box, { kind: 'no-startup-config' })
    this.#watch.moved?.(box, 'startup-config erased')
  }

  /** Sets a fault of the simulator on a switch. */
  fault(box: Box, fault: Fault): void {
    this.#fabric.fault({ ...fault, device: box.name })
    if (fault.kind === 'replay-fails') box.cannotReplaySince ??= this.#timeline.now
  }

  #vlan(): readonly string[] {
    this.#edits += 1
    return [`vlan ${700 + (this.#edits % 100)}`, 'name SOMEBODY']
  }

  /** Another tool opens a config session, or has a commit timer running. */
  foreign(box: Box, tool: string, seconds: number | undefined): void {
    const { sessions } = box.device
    this.#edits += 1
    const opened = sessions.open(`${tool}_${this.#edits}`, SOMEBODY)
    if (!('ok' in opened) && seconds !== undefined) sessions.commitTimer(opened.name, seconds, SOMEBODY)
    this.touched(box)
    this.#watch.moved?.(box, seconds === undefined ? `session of ${tool}` : `foreign timer of ${seconds} s`)
  }

  /** A switch starts again. */
  reboot(box: Box, seconds: number): void {
    box.device.settle()
    box.device.reboot(seconds)
    this.#watch.moved?.(box, `reboot, ${seconds} s`)
  }

  /** Another switch, with the same configuration, answers at an address for a time, once the own one is gone from there. */
  impostor(name: string, milliseconds: number): void {
    const box = this.#spares.get(name)
    if (box === undefined) return
    this.box(name).out(SWAP)
    this.#timeline.after(SWAP, () => {
      this.#impostors.set(name, { box, until: this.#timeline.now + milliseconds })
    })
  }

  /** Nothing stands in anybody's way any more. */
  calm(): void {
    this.#impostors.clear()
    this.#fabric.clearFaults()
    for (const box of this.all()) box.back()
  }
}
