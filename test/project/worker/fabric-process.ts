import { renderConfig } from '../../../src/eos/config/text/parse.ts'
import { eapiHttpServer } from '../../../src/eos/sim/eapi/channel.ts'
import { SimulatedFabric, type SimulatedSwitch } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { simulatorText } from '../../../src/model/simulator.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { pods } from '../../soak/pods.ts'

/** What a switch is, by itself: what it runs, what it would boot, and whether a timed commit waits for its confirm. */
export interface Truth {
  readonly running: string
  readonly startup: string
  readonly isArmed: boolean
  /** Config sessions that are open. */
  readonly open: readonly string[]
  readonly commits: { readonly plain: number; readonly timed: number; readonly confirms: number }
}

/** A request that can change a switch, when it came (milliseconds since the epoch), and what it asked for. */
export interface WriteSeen {
  readonly device: string
  readonly at: number
  readonly commands: readonly string[]
  /** The port of the connection that it came over. */
  readonly port?: number
  /** The session whose commit timer ran when its turn came. */
  readonly timer?: string
  /** What it has committed, and how. */
  readonly commit?: 'plain' | 'timed' | 'confirms'
}

/** What the process of the switches says: where they are, and then, each time that it is asked, how they are. */
export type FromFabric =
  | { readonly kind: 'ready'; readonly ports: Readonly<Record<string, number>> }
  | {
      readonly kind: 'truth'
      readonly switches: Readonly<Record<string, Truth>>
      readonly writes: readonly WriteSeen[]
    }

/** Serves as many switches as its argument says, for its parent and the programs that this starts. It ends when its parent lets go of it. */
async function serve(count: number) {
  const ports: Record<string, number> = {}
  const all: SimulatedSwitch[] = []
  for (const pod of pods(count)) {
    const { switches } = new SimulatedFabric(pod, { clock: systemClock, random: new SeededRandom() })
    for (const one of switches) {
      const { name: device } = one.device
      const whose = () => simulatorText({ device, fabric: 'pods', project: null, pid: process.ppid })
      const server = eapiHttpServer(one.eapi, systemClock, { whose })
      await server.start()
      ports[one.device.name] = server.address.port
      all.push(one)
    }
  }
  const say = (message: FromFabric) => void process.send?.(message)
  process.on('message', () => {
    const switches = Object.fromEntries(all.map((one) => [one.device.name, truthOf(one)]))
    const writes = all.flatMap(({ device }) =>
      device.requests
        .filter(({ kind }) => kind === 'write')
        .map(({ method: _, path: __, kind: ___, answer: ____, ...seen }) => ({ device: device.name, ...seen })),
    )
    say({ kind: 'truth', switches, writes })
  })
  say({ kind: 'ready', ports })
}

function truthOf({ device }: SimulatedSwitch) {
  device.settle()
  return {
    running: renderConfig(device.config.running),
    startup: renderConfig(device.startup),
    isArmed: device.sessions.timer !== undefined,
    open: device.sessions
      .all()
      .filter(({ state }) => state === 'pending' || state === 'armed')
      .map(({ name }) => name),
    commits: { ...device.counters.commits },
  }
}

process.once('disconnect', () => process.exit(0))
await serve(Number(process.argv[2]))
