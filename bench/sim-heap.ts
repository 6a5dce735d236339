import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inMemoryEapi } from '../src/sim/eapi/in-memory.ts'
import { oneSwitchFabric } from '../src/sim/fabric/one-switch.ts'
import { serveFabric } from '../src/sim/fabric/serve-fabric.ts'
import { SimulatedFabric } from '../src/sim/fabric/simulated-fabric.ts'
import { systemClock } from '../src/system/system-clock.ts'
import { SeededRandom } from '../src/trial/seeded-random.ts'

/** Boots 500 switches from configurations of the corpus in the folder given and prints what that costs, as JSON lines. */

const SWITCHES = 500
const SMALLEST = 10_000
const ports = { clock: systemClock, random: new SeededRandom(1) }

interface Entry {
  readonly file: string
  readonly kind: string
  readonly bytes: number
}

const corpus = process.argv[2] ?? ''
const entries = readFileSync(join(corpus, 'manifest.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Entry => JSON.parse(line))
  .filter(({ kind, bytes }) => bytes >= SMALLEST && /^(avd|field|real)/.test(kind))
const sources = entries.map(({ file }) => readFileSync(join(corpus, file), 'utf8'))

/** A text of its own: another host name, other addresses. */
function copied(text: string, copy: number): string {
  const renamed = text.replace(/^hostname (\S+)/m, (_, name: string) => `hostname ${name}-${copy}`)
  const moved = renamed.replace(
    /\b(\d+)\.(\d+)\.(\d+)\.(\d+)\b/g,
    (address, a: string, b: string, c: string, d: string) =>
      [a, b, c, d].some((part) => Number(part) > 255) || a === '255'
        ? address
        : `${a}.${(Number(b) + copy) % 256}.${(Number(c) + (copy >> 8)) % 256}.${d}`,
  )
  return Buffer.from(moved, 'utf8').toString('utf8')
}

function heap(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const before = heap()
const devices = Array.from({ length: SWITCHES }, (_, index) => {
  const copy = Math.floor(index / sources.length)
  const text = copied(sources[index % sources.length] ?? '', copy)
  const name = `sw${index}`
  return { ...oneSwitchFabric(text, { name }).devices[0], name }
}).flatMap((device) => ('config' in device && device.config !== undefined ? [device] : []))
const textBytes = devices.reduce((sum, { config = '' }) => sum + Buffer.byteLength(config), 0)
const data = { name: 'bench', credentials: { username: 'a', password: 'b' }, devices, cabling: [], faults: [] }
const fabric = data as Parameters<typeof serveFabric>[0]
const bootedAt = performance.now()
let simulation: SimulatedFabric | undefined = new SimulatedFabric(fabric, ports)
const bootMilliseconds = Math.round(performance.now() - bootedAt)
const heapBytes = heap() - before
const line = {
  switches: simulation.switches.length,
  configurations: sources.length,
  textBytes,
  bootMilliseconds,
  heapBytes,
  heapPerText: Number((heapBytes / textBytes).toFixed(2)),
  answerCacheBytes: simulation.answers.bytes,
}
process.stdout.write(`${JSON.stringify(line)}\n`)

const askedAt = performance.now()
const cmds = ['show version', 'show interfaces', 'show ip route vrf all', 'show vlan', 'show lldp neighbors detail']
const question = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { version: 'latest', cmds } })
let answered = 0
for (const { eapi } of simulation.switches) answered += (await inMemoryEapi(eapi)(question)).body.length
const asked = {
  what: 'every switch asked five show commands',
  milliseconds: Math.round(performance.now() - askedAt),
  answeredBytes: answered,
  answerCacheBytes: simulation.answers.bytes,
  answerCacheLimit: simulation.answers.limit,
}
process.stdout.write(`${JSON.stringify(asked)}\n`)
simulation = undefined

const servedAt = performance.now()
const served = await serveFabric(fabric, ports)
const listening = { what: 'with HTTP and HTTPS listeners', bootMilliseconds: Math.round(performance.now() - servedAt) }
process.stdout.write(`${JSON.stringify(listening)}\n`)
await served.close()
process.exit(0)
