import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noSeams } from '../src/app/seams.ts'
import { axiosChannel } from '../src/transport/eapi/axios-channel.ts'
import type { EapiChannel } from '../src/transport/eapi/channel.ts'
import { eapiTransport } from '../src/transport/eapi/eapi-transport.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'
import { eosflow, milliseconds, workflowOf, writeProject } from './one-change.ts'
import { post } from './post.ts'
import { type SimulatedDevice, startSimulator } from './simulator.ts'

const WARM_UP = 2
const REPEATS = 15

const CHECKS = '[reachable, { vlans-present: { vlans: [998] } }]'

/** The requests of one change, by connection, and what they weighed. */
interface Traffic {
  readonly connections: string[][]
  bytesSent: number
  bytesHeard: number
}

/**
 * One safe change of one switch, by the real command in this warm process with its store on disk, against the very same
 * requests sent raw over `node:http`, kept alive, to the same simulated switch: alternated, median of fifteen.
 */
export async function change(print: Print): Promise<void> {
  const simulator = await startSimulator()
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    const leaf = simulator.devices.find(({ name }) => name === 'leaf1')
    if (leaf === undefined) throw new Error('the bundled fabric has no leaf1')
    writeProject(dir, leaf, workflowOf(998, CHECKS))
    const ours: number[] = []
    const raws: number[] = []
    let traffic = noTraffic()
    for (let round = -WARM_UP; round < REPEATS; round += 1) {
      traffic = noTraffic()
      const own = await milliseconds(() => changeOnce(dir, leaf, traffic))
      await takeBack(leaf)
      const raw = await milliseconds(() => replay(leaf, renamed(traffic.connections, round)))
      await takeBack(leaf)
      if (round < 0) continue
      ours.push(own)
      raws.push(raw)
    }
    const shared = {
      requests: traffic.connections.flat().length,
      connections: traffic.connections.length,
      bytesSent: traffic.bytesSent,
      bytesHeard: traffic.bytesHeard,
    }
    print({ bench: 'change', way: 'raw', ...shared, milliseconds: rounded(median(raws)), ratio: 1 })
    const ratio = rounded(median(ours) / median(raws))
    print({ bench: 'change', way: 'eosflow', ...shared, milliseconds: rounded(median(ours)), ratio })
  } finally {
    simulator.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The real command, as a person who approves would run it. */
async function changeOnce(dir: string, leaf: SimulatedDevice, traffic: Traffic): Promise<void> {
  const transport = eapiTransport({
    openChannel: ({ name, protocol, tls }, credential) => {
      const timeouts = { connectMilliseconds: 10_000, answerMilliseconds: 120_000 }
      return weighed(axiosChannel({ name, ...leaf.http, protocol, tls }, credential, timeouts), traffic)
    },
  })
  await eosflow(dir, ['run', 'workflow.yaml'], 0, { ...noSeams, transport: () => transport })
}

const noTraffic = (): Traffic => ({ connections: [], bytesSent: 0, bytesHeard: 0 })

function weighed(channel: EapiChannel, traffic: Traffic): EapiChannel {
  const bodies: string[] = []
  traffic.connections.push(bodies)
  return {
    post: async (body, fence) => {
      bodies.push(body)
      traffic.bytesSent += Buffer.byteLength(body)
      const answer = await channel.post(body, fence)
      traffic.bytesHeard += Buffer.byteLength(answer)
      return answer
    },
    close: () => channel.close(),
  }
}

/** The same requests under names of their own: a switch refuses a session's name a second time. */
function renamed(connections: readonly (readonly string[])[], round: number): readonly (readonly string[])[] {
  const id = (round + WARM_UP).toString(16).padStart(8, '0')
  return connections.map((bodies) => bodies.map((body) => body.replaceAll(/eosflow-[0-9a-f]{8}/g, `eosflow-${id}`)))
}

async function replay(leaf: SimulatedDevice, connections: readonly (readonly string[])[]): Promise<void> {
  for (const bodies of connections) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (const body of bodies) await postWell(leaf, agent, body)
    agent.destroy()
  }
}

/** The switch as it was, outside what is measured. */
async function takeBack(leaf: SimulatedDevice): Promise<void> {
  const cmds = ['enable', 'configure', 'no vlan 998', 'end', 'copy running-config startup-config']
  const agent = new Agent()
  await postWell(
    leaf,
    agent,
    JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params: { version: 1, cmds }, id: 'back' }),
  )
  agent.destroy()
}

/** A request that the switch must not refuse. */
async function postWell(device: SimulatedDevice, agent: Agent, body: string): Promise<void> {
  const { error } = JSON.parse(await post(device, agent, body)) as { error?: { message: string } }
  if (error !== undefined) throw new Error(error.message)
}
