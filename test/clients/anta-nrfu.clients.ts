import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { extentOfLong } from '../extent.ts'
import { openLab, type SocketLab } from '../lab/lab.ts'
import { ANTA_COMMAND, hasTodays, withoutTodays } from './todays.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/dc1', import.meta.url))
const CATALOG = readFileSync(new URL('../../fixtures/catalog.yaml', import.meta.url), 'utf8')

/** One result of either. */
interface Result {
  readonly device: string
  readonly check: string
  readonly status: string
  readonly messages: readonly string[]
}

const classOf = (device: string) => device.replace(/\d+$/, '')

async function startCatalog(): Promise<SocketLab> {
  const bench = await openLab({
    world: 'sockets',
    switches: { folder: FOLDER },
    files: { 'catalog.yaml': CATALOG },
    tags: (device) => ({ role: classOf(device) }),
  })
  const hosts = bench.fabric.devices.map(({ name, https }) => {
    return { name, host: https.host, port: https.port, tags: [classOf(name)] }
  })
  bench.write('anta.yaml', JSON.stringify({ anta_inventory: { hosts } }))
  return bench
}

async function ofEosflow(bench: SocketLab): Promise<readonly Result[]> {
  const { out } = await bench.eosflow('check run catalog.yaml --json')
  return (JSON.parse(out) as { readonly results: readonly Result[] }).results
}

/** Runs `anta nrfu` over HTTPS. Its results come in any order. */
async function ofAnta(bench: SocketLab): Promise<readonly Result[]> {
  const file = join(bench.dir, 'anta.json')
  const [first] = bench.fabric.devices
  const { code, said } = await ended(
    ['nrfu', '--enable', '--ignore-status', '-i', 'anta.yaml', '-c', 'catalog.yaml', 'json', '-o', file],
    bench.dir,
    { ANTA_USERNAME: first?.username ?? '', ANTA_PASSWORD: first?.password ?? '' },
  )
  if (code !== 0) throw new Error(said.slice(-2_000))
  const results = JSON.parse(readFileSync(file, 'utf8')) as readonly AntaRow[]
  return results.map(({ name, test: check, result: status, messages }) => ({ device: name, check, status, messages }))
}

interface AntaRow {
  readonly name: string
  readonly test: string
  readonly result: string
  readonly messages: readonly string[]
}

function ended(
  argv: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const env = { PATH: process.env.PATH, HOME: cwd, LC_ALL: 'C.UTF-8', ...more }
  const child = spawn(ANTA_COMMAND, argv, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, said: Buffer.concat(said).toString('utf8') }))
  })
}

/** What came of judging a fabric twice. */
interface Beside {
  /** Results that both have with the same messages, by their status. */
  readonly equal: Readonly<Record<string, number>>
  /** Results that neither could judge. */
  readonly unjudged: number
  /** All others, without the switches and the messages, each once. */
  readonly others: readonly string[]
}

/** Compares the results of each check on each switch, of which a catalog may have several. */
function beside(ours: readonly Result[], theirs: readonly Result[]): Beside {
  const equal: Record<string, number> = {}
  const others = new Set<string>()
  let unjudged = 0
  const left = [...theirs]
  const unmatched: Result[] = []
  for (const one of ours) {
    const at = left.findIndex((other) => isOf(one, other) && isEqual(one, other))
    if (at < 0) unmatched.push(one)
    else {
      left.splice(at, 1)
      equal[one.status] = (equal[one.status] ?? 0) + 1
    }
  }
  for (const one of unmatched) {
    const [other] = left.splice(
      left.findIndex((each) => isOf(one, each)),
      1,
    )
    if (one.status === 'error' && other?.status === 'error') unjudged += 1
    else others.add(`${one.check}: ${one.status} here, ${other?.status ?? 'nothing'} of ANTA`)
  }
  return { equal, unjudged, others: [...others].sort() }
}

const isOf = (one: Result, other: Result) => one.device === other.device && one.check === other.check
const isEqual = (one: Result, other: Result) =>
  one.status === other.status && JSON.stringify(one.messages) === JSON.stringify(other.messages)

/** A spine has no port-channel (docs/anta-differences.md). */
const LISTED = ['VerifyPortChannels: success here, unset of ANTA']

/** ANTA asks for the log while it still sends the line that it looks for: which of them is first is chance. */
const withoutChance = (others: readonly string[]) =>
  others.filter((one) => !one.startsWith('VerifyLoggingLogsGeneration: '))

/** A session that is down and shows no address family; an MLAG state that is not active, which is one message more. */
const STRICTER = [
  'VerifyBGPPeersHealth: failure here, success of ANTA',
  'VerifyMlagStatus: failure here, failure of ANTA',
]

const FAULTS: readonly DeviceFault[] = [
  { device: 'leaf1', kind: 'bgp-peer-down', peer: '10.0.250.1' },
  { device: 'leaf2', kind: 'link-down', port: 'Ethernet50/1' },
  { device: 'leaf3', kind: 'mlag-inactive' },
]

describe.skipIf(!hasTodays)(`anta nrfu on the fabric dc1, over HTTPS${withoutTodays}`, () => {
  test('gives what `eosflow check run` gives, of all that both can judge', async () => {
    const bench = await startCatalog()
    const [ours, theirs] = [await ofEosflow(bench), await ofAnta(bench)]
    expect([ours.length, theirs.length]).toEqual([1122, 1122])
    const { equal, unjudged, others } = beside(ours, theirs)
    process.stdout.write(`anta nrfu: ${JSON.stringify(equal)} equal, ${unjudged} judged by neither\n`)
    expect(withoutChance(others)).toEqual(LISTED)
    expect(equal.success).toBeGreaterThan(640)
    expect(equal.failure).toBeGreaterThan(120)
    expect(equal.skipped).toBe(86)
  })

  test.runIf(extentOfLong(false, true))('finds the same faults, or fewer', async () => {
    const bench = await startCatalog()
    for (const fault of FAULTS) await bench.fault(fault)
    const [ours, theirs] = [await ofEosflow(bench), await ofAnta(bench)]
    const { equal, others } = beside(ours, theirs)
    process.stdout.write(`anta nrfu with three faults: ${JSON.stringify(equal)} equal\n`)
    expect(withoutChance(others)).toEqual([...LISTED, ...STRICTER].sort())
    expect(equal.failure).toBeGreaterThan(140)
  })
})
