import { waitsForApproval } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import type { Room } from '../../change/record/room.ts'
import type { Leases } from '../../change/record/store/lease.ts'
import type { Store } from '../../change/record/store/store.ts'
import { type ChangeLine, presentChanges } from '../../eos/config/diff/diff.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { changesBetween, comparableText } from '../../eos/config/vlan-sets.ts'
import type { Transport } from '../../eos/device/device.ts'
import { printed } from '../../eos/sim/cli/exec/show-config.ts'
import type { converge } from '../../eos/sim/converge/converge.ts'
import { type InMemoryEapi, inMemoryEapi } from '../../eos/sim/eapi/in-memory.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../eos/sim/fabric/simulated-fabric.ts'
import { eapiTransport } from '../../eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../eos/transport/eapi/exchange.ts'
import type { Clock, Random } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { HttpPort } from '../../model/http-port.ts'
import { definedMembers } from '../../model/json.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { targetNamed } from '../trial/simulated-target.ts'
import { atRest, Timeline } from '../trial/timeline.ts'
import { FullDisk, Life, storeOf } from '../trial/trial-app.ts'
import { type Hand, pointOf } from './fault-kind.ts'
import type { Cell } from './matrix.ts'

export interface SwitchContents {
  readonly running: string
  readonly startup: string
  readonly execInConfig: readonly string[]
}

export function readAll({ switches }: SimulatedFabric): ReadonlyMap<string, SwitchContents> {
  return new Map(
    switches.map(({ device }) => {
      device.settle()
      const { running, startup } = device
      const text = comparableText(printed(device, running))
      return [
        device.name,
        {
          running: text,
          startup: startup === running ? text : comparableText(printed(device, startup)),
          execInConfig: device.commandLog.inConfig().map(({ line }) => line),
        },
      ]
    }),
  )
}

export function differenceOf(from: string, to: string): readonly ChangeLine[] {
  return from === to ? [] : presentChanges(changesBetween(parseConfig(from), parseConfig(to)))
}

const IDLE_TURNS = 10_000

export class Twin {
  readonly timeline = new Timeline()
  readonly fabric: SimulatedFabric

  constructor(fabric: Fabric, seed: number, compute: typeof converge) {
    const ports = { clock: this.timeline.clock(), random: new SeededRandom(seed), converge: compute }
    this.fabric = new SimulatedFabric(fabric, ports)
  }

  transport(life: Life, carriedOut: (device: string) => void): Transport {
    const eapi = eapiTransport({
      openChannel: ({ name }, { username }) => {
        let connection: InMemoryEapi | undefined
        return channelOver(
          (body) =>
            life.reach(async () => {
              connection ??= this.#connectTo(name)
              const answer = await connection(body)
              carriedOut(name)
              return answer
            }),
          username,
        )
      },
    })
    return { connect: ({ name }, credential, fence) => eapi.connect(targetNamed(name), credential, fence) }
  }

  http(life: Life, switches: ReadonlyMap<string, string>, allowed: (url: URL, name: string) => void): HttpPort {
    return {
      scrub: (text) => text,
      send: ({ url: address, name, body = '' }) =>
        life.reach(async () => {
          const url = new URL(address)
          allowed(url, name)
          const device = switches.get(url.hostname)
          const answer = device === undefined ? { status: 200, body: '{}' } : await this.#connectTo(device)(body)
          return {
            status: answer.status,
            headers: { 'content-type': 'application/json' },
            body: new TextEncoder().encode(answer.body),
          }
        }),
    }
  }

  cabled(device: string): readonly string[] {
    const ends = this.fabric.fabric.cabling.flatMap(({ a, b }) => [a, b])
    return ends.flatMap((end) => (end.device === device ? [end.port] : []))
  }

  /** Throws `bug` when it waits for nothing that can happen. */
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false
    const done = work.finally(() => {
      over = true
    })
    done.catch(() => undefined)
    let idle = 0
    await atRest()
    while (!over) {
      if (await this.timeline.next()) idle = 0
      else if (++idle > IDLE_TURNS) throw new EosflowError('bug', 'the execution waits for nothing')
      else await atRest()
    }
    return done
  }

  /** Lets a time pass, in seconds. */
  async pass(seconds: number): Promise<void> {
    await this.until(this.timeline.clock().sleep(seconds * 1000))
    for (const { device } of this.fabric.switches) device.settle()
  }

  #connectTo(name: string) {
    const found = this.fabric.switches.find(({ device }) => device.name === name)
    if (found !== undefined) return inMemoryEapi(found.eapi)
    throw new EosflowError('unreachable', `the fabric ${this.fabric.fabric.name} has no switch ${name}`, {
      device: name,
    })
  }
}

export interface ControllerProcess {
  readonly life: Life
  readonly twin: Twin
  readonly store: Store & Leases
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly transport: Transport
}

export interface Controllers {
  openStore(clock: Clock): Promise<Store & Leases>
  /** Throws as `run` and `resume` do. */
  run(process: ControllerProcess, execution: string | undefined): Promise<ExecutionState>
  approve(process: ControllerProcess, execution: ExecutionState): Promise<void>
  exitOf(end: ExecutionState | EosflowError): number
}

export interface TrialGround {
  readonly fabric: Fabric
  readonly seed: number
  /** The seconds of the commit timer. */
  readonly timer: number
  readonly edit: readonly string[]
  readonly controllers: Controllers
  readonly converge: typeof converge
}

export interface TrialResult {
  /** As the last controller left it; absent when nothing was ever on record. */
  readonly state: ExecutionState | undefined
  readonly exit: number
  readonly stuck?: string
  readonly events: readonly JournalEvent[]
  /** How long it took, in seconds. */
  readonly seconds: number
  readonly switches: ReadonlyMap<string, SwitchContents>
}

// How long a person takes to decide, and to come back to what has stopped, in seconds.
const DECIDES = 20
const COMES_BACK = 60
const PATIENCE = 6
const AFTERMATH = 900

const RESERVE = 1000

type Rest =
  | { readonly how: 'state'; readonly state: ExecutionState }
  | { readonly how: 'killed' }
  | { readonly how: 'failed' }

/** Lives through the change once, from the same beginning: with `cell` befalling it, or undisturbed. */
export async function tryOut(ground: TrialGround, cell?: Cell): Promise<TrialResult> {
  const twin = new Twin(ground.fabric, ground.seed, ground.converge)
  let id: string | undefined
  let reached: ExecutionState | undefined
  let failure: EosflowError | undefined
  let records = 0
  let lives = 0
  let skew = 0
  const disk = new FullDisk({ now: () => twin.timeline.now, areOn: () => true, meet: () => undefined })
  let hasStruck = false
  let unheard: string | undefined
  // After how many seconds a killed controller is taken up.
  let comesBack = 0
  let endLife: () => void = () => undefined
  const store = await ground.controllers.openStore({ ...twin.timeline.clock(), now: wall })
  try {
    return await run()
  } finally {
    endLife()
    await store.close()
  }

  function wall() {
    return twin.timeline.clock().now() + skew
  }

  async function run(): Promise<TrialResult> {
    const stuck = await live()
    const seconds = Math.round(twin.timeline.now / 1000)
    await twin.pass(ground.timer + AFTERMATH)
    const end = reached ?? failure
    return {
      state: reached,
      exit: end === undefined ? 1 : ground.controllers.exitOf(end),
      ...definedMembers({ stuck }),
      events: id === undefined ? [] : await store.read(id),
      seconds,
      switches: readAll(twin.fabric),
    }
  }

  async function live() {
    for (let left = PATIENCE; left > 0; left -= 1) {
      const end = await goOn(await liveOnce())
      if (end !== undefined) return end.stuck
    }
    return failure?.message ?? 'it does not end'
  }

  // Undefined where another life goes on.
  async function goOn(rest: Rest) {
    if (rest.how === 'failed' && id === undefined) return { stuck: failure?.message }
    if (rest.how !== 'state') await twin.pass(rest.how === 'killed' ? comesBack : COMES_BACK)
    else if (rest.state.status === 'ended') return { stuck: undefined }
    else if (!waitsForApproval(rest.state))
      return { stuck: 'it waits for an answer from outside, which a rehearsal does not give' }
    else await decideAbout(rest.state)
    return undefined
  }

  async function liveOnce(): Promise<Rest> {
    const { controllers } = ground
    const controller = nextLife()
    const killed = new Promise<Rest>((resolve) => {
      endLife = () => {
        controller.life.kill()
        resolve({ how: 'killed' })
      }
    })
    const work = controllers.run(controller, id).then(
      (state): Rest => {
        reached = state
        failure = undefined
        return { how: 'state', state }
      },
      (error: unknown): Rest => {
        if (!(error instanceof EosflowError)) throw error
        failure = error
        return { how: 'failed' }
      },
    )
    const rest = await twin.until(Promise.race([work, killed]))
    controller.life.kill()
    return rest
  }

  async function decideAbout(state: ExecutionState) {
    await twin.pass(DECIDES)
    const controller = nextLife()
    await twin.until(ground.controllers.approve(controller, state))
    controller.life.kill()
  }

  function nextLife(): ControllerProcess {
    lives += 1
    const life = new Life(lives, id ?? '')
    const own = storeOf(store, life, {
      appending: () => disk.write(),
      keeping: () => disk.write(),
      appended: (events) => appended(events, life),
    })
    return {
      life,
      twin,
      store: own,
      room: disk.opened(),
      clock: life.clock(twin.timeline, wall, () => undefined),
      random: new SeededRandom(ground.seed + lives),
      transport: twin.transport(life, carriedOut),
    }
  }

  function carriedOut(device: string) {
    if (unheard !== device) return
    unheard = undefined
    endLife()
  }

  function appended(events: readonly JournalEvent[], life: Life) {
    for (const event of events) {
      if (event.execution === undefined) continue
      id ??= event.execution
      records += 1
      strikeAt(event, life)
    }
  }

  function strikeAt(event: JournalEvent, life: Life) {
    if (cell === undefined || hasStruck) return
    if (cell.try === 'crash') {
      if (records < cell.record) return
      hasStruck = true
      comesBack = cell.resumed === 'at once' ? 0 : ground.timer + COMES_BACK
      endLife()
      return
    }
    const here = pointOf(event)
    if (here?.point !== cell.point || here.device !== cell.device) return
    hasStruck = true
    cell.kind.strike(hand(life), cell.device, cell.point)
  }

  function hand(life: Life): Hand {
    const { timer, edit } = ground
    return {
      timer,
      edit,
      fault: (fault) => twin.fabric.fault(fault),
      cabled: (device) => twin.cabled(device),
      stop: () => life.stop.abort(),
      fillDisk: (seconds) => {
        disk.fill(seconds * 1000, RESERVE)
      },
      setClock: (seconds) => {
        skew += seconds * 1000
      },
      killUnheard: (device) => {
        unheard = device
      },
      kill: (seconds) => {
        comesBack = seconds
        endLife()
      },
    }
  }
}
