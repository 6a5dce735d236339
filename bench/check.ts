import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { noSeams } from '../src/app/seams.ts'
import { catalogueChecks } from '../src/check/builtin/index.ts'
import type { Terminal } from '../src/cli/io.ts'
import { main } from '../src/cli/program.ts'
import { axiosChannel } from '../src/transport/eapi/axios-channel.ts'
import { eapiTransport } from '../src/transport/eapi/eapi-transport.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'
import { post } from './post.ts'
import type { SimulatedDevice } from './simulator.ts'

const CHECKS = 200
const WARM_UP = 2
const REPEATS = 5

/** What one round sends to a switch, in order. */
type Requests = ReadonlyMap<SimulatedDevice, string[]>

/**
 * Two hundred checks of the catalogue on sixty switches, by the real command in this warm process, against the very same requests
 * sent raw over `node:http`, kept alive, and their answers parsed or not: how many requests a switch is asked, and the CPU time of the
 * client. Alternated, median of five.
 */
export async function check(print: Print): Promise<void> {
  const server = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('check-server.ts', import.meta.url))],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string]
    const { devices } = JSON.parse(line) as { devices: readonly SimulatedDevice[] }
    writeProject(dir, devices)
    const spent = { ours: [] as number[], raw: [] as number[], parsed: [] as number[] }
    let requests: Requests = new Map()
    let results = 0
    for (let round = -WARM_UP; round < REPEATS; round += 1) {
      const seen = new Map<SimulatedDevice, string[]>(devices.map((device) => [device, []]))
      const ours = await cpuMilliseconds(async () => {
        results = await checkOnce(dir, devices, seen)
      })
      requests = seen
      const raw = await cpuMilliseconds(() => replay(requests, () => undefined))
      const parsed = await cpuMilliseconds(() => replay(requests, JSON.parse))
      if (round < 0) continue
      spent.ours.push(ours)
      spent.raw.push(raw)
      spent.parsed.push(parsed)
    }
    const most = Math.max(...[...requests.values()].map((bodies) => bodies.length))
    const shared = { switches: devices.length, checks: CHECKS, requestsPerSwitch: most }
    const floor = median(spent.raw)
    const row = (way: string, values: readonly number[]): object => ({
      bench: 'check',
      way,
      ...shared,
      cpuMilliseconds: rounded(median(values)),
      ratio: rounded(median(values) / floor),
    })
    print(row('raw', spent.raw))
    print(row('raw, answers parsed', spent.parsed))
    print({ ...row('eosflow', spent.ours), results })
  } finally {
    server.stdin.end()
    rmSync(dir, { recursive: true, force: true })
  }
}

function writeProject(dir: string, devices: readonly SimulatedDevice[]): void {
  const [{ username, password } = { username: '', password: '' }] = devices
  const inventory = {
    defaults: { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username, password, simulated: true } },
    devices: Object.fromEntries(devices.map(({ name, http }) => [name, http])),
  }
  const checks = catalogueChecks.slice(0, CHECKS).map(({ name, example }) => ({ [name]: example ?? null }))
  if (checks.length < CHECKS) throw new Error(`there are only ${checks.length} checks`)
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  writeFileSync(join(dir, 'inventory.yaml'), JSON.stringify(inventory))
  writeFileSync(join(dir, 'checks.yaml'), JSON.stringify(checks))
}

/** Runs the real command; gives how many results it told. */
async function checkOnce(
  dir: string,
  devices: readonly SimulatedDevice[],
  seen: ReadonlyMap<SimulatedDevice, string[]>,
): Promise<number> {
  let said = ''
  const transport = eapiTransport({
    openChannel: ({ name, protocol, tls }, credential) => {
      const device = devices.find((one) => one.name === name)
      if (device === undefined) throw new Error(`no switch ${name}`)
      const timeouts = { connectMilliseconds: 10_000, answerMilliseconds: 120_000 }
      const channel = axiosChannel({ name, ...device.http, protocol, tls }, credential, timeouts)
      return {
        post: (body, fence) => {
          seen.get(device)?.push(body)
          return channel.post(body, fence)
        },
        close: () => channel.close(),
      }
    },
  })
  const io: Terminal = {
    env: {},
    cwd: dir,
    out: (text) => {
      said += text
    },
    err: (text) => {
      said += text
    },
    interactive: false,
    color: false,
    ask: async () => undefined,
    stop: new AbortController().signal,
    seams: { ...noSeams, transport: () => transport },
  }
  const code = await main(['check', 'run', '--json'], io)
  if (code !== 6) throw new Error(`exit ${code}\n${said.slice(0, 2000)}`)
  return (JSON.parse(said) as { results: readonly object[] }).results.length
}

async function replay(requests: Requests, read: (body: string) => unknown): Promise<void> {
  await Promise.all(
    [...requests].map(async ([device, bodies]) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (const body of bodies) read(await post(device, agent, body))
      agent.destroy()
    }),
  )
}

async function cpuMilliseconds(act: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await act()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
