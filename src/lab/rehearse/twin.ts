import type { Transport } from '../../eos/device/transport.ts'
import type { converge } from '../../eos/sim/converge/converge.ts'
import { type InMemoryEapi, inMemoryEapi } from '../../eos/sim/eapi/in-memory.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../eos/sim/fabric/simulated-fabric.ts'
import { eapiTransport } from '../../eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../eos/transport/eapi/exchange.ts'
import { EosflowError } from '../../model/error.ts'
import type { HttpPort } from '../../model/http-port.ts'
import type { Life } from '../trial/life.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { targetNamed } from '../trial/simulated-target.ts'
import { atRest, Timeline } from '../trial/timeline.ts'

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

  #connectTo(name: string): InMemoryEapi {
    const found = this.fabric.switches.find(({ device }) => device.name === name)
    if (found !== undefined) return inMemoryEapi(found.eapi)
    throw new EosflowError('unreachable', `the fabric ${this.fabric.fabric.name} has no switch ${name}`, {
      device: name,
    })
  }
}
