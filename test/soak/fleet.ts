import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUILT, wordsOf } from '../lab/lab.ts'
import type { ServedPods, ServedPorts } from './pods-process.ts'

const USAGE = new URL('./usage.mjs', import.meta.url).href
const SWITCHES = fileURLToPath(new URL('./pods-process.ts', import.meta.url))

/** So many switches at most are served by one process, which has a listener of each open, and what is connected to them. */
const IN_ONE_PROCESS = 3000

/** What one command has used: milliseconds of its own user CPU, and of the system's for it; MB of memory at most. */
export interface Usage {
  readonly cpu: number
  readonly system: number
  readonly memory: number
}

/** How a command ended, after how many seconds, and what it has used. */
export interface Measured extends Usage {
  readonly code: number
  readonly seconds: number
  readonly out: string
}

/** A command that goes on until it is asked to end. */
export interface RunningCommand {
  /** Asks it to end, as a service manager does, and says how it went. */
  end(): Promise<Measured>
}

/** A project over simulated switches that run in a process beside it. */
export interface FleetProject {
  readonly dir: string
  /** The port of each switch, by its name. */
  readonly ports: Readonly<Record<string, number>>
  /** Runs the built command. Its output, but for stdout, is kept in a file. */
  eosflow(...argv: readonly string[]): Promise<Measured>
  /** Begins the built command, and does not wait for its end. */
  begin(...argv: readonly string[]): RunningCommand
  /** Runs another program of Node beside it, in the same way. */
  program(file: string, ...argv: readonly string[]): Promise<Measured>
  write(path: string, text: string): void
  close(): void
}

/**
 * Starts as many switches as are asked for, and writes the inventory of them, and the settings of the project. Without more they have 12 ports to hosts on
 * each leaf, answer at once, and over plain HTTP.
 */
export async function fleetProject(
  count: number,
  settings = 'version: 1\n',
  more: Partial<Pick<ServedPods, 'hosts' | 'seconds' | 'protocol'>> = {},
): Promise<FleetProject> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-fleet-'))
  const parts = Math.ceil(count / IN_ONE_PROCESS)
  const served = { count, parts, hosts: 12, seconds: 0, protocol: 'http', ...more } as const
  const simulators = Array.from({ length: parts }, (_, part) =>
    fork(SWITCHES, [JSON.stringify({ ...served, part } satisfies ServedPods)], { execArgv: ['--import', 'tsx'] }),
  )
  const all = await Promise.all(simulators.map(async (one) => (await once(one, 'message')) as [ServedPorts]))
  const ports = Object.assign({}, ...all.map(([part]) => part.ports)) as ServedPorts['ports']
  const hostKeys = Object.assign({}, ...all.map(([part]) => part.hostKeys)) as ServedPorts['hostKeys']
  const write = (path: string, text: string) => writeFileSync(join(dir, path), text)
  write('eosflow.yaml', settings)
  write('ca.pem', all.map(([{ ca }]) => ca).join(''))
  write('inventory.yaml', inventoryOf({ ports, hostKeys }, served.protocol))
  return {
    dir,
    ports,
    write,
    eosflow: (...argv) => begun(dir, [BUILT, ...wordsOf(argv)]).ended,
    begin: (...argv) => {
      const { child, ended } = begun(dir, [BUILT, ...wordsOf(argv)])
      return {
        end: () => {
          child.kill('SIGTERM')
          return ended
        },
      }
    },
    program: (file, ...argv) => begun(dir, [file, ...argv]).ended,
    close: () => {
      for (const one of simulators) one.disconnect()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function inventoryOf({ ports, hostKeys }: Pick<ServedPorts, 'ports' | 'hostKeys'>, protocol: ServedPods['protocol']) {
  const names = Object.keys(ports)
  const devices = Object.entries(ports).map(([name, port]) => {
    const [, role = ''] = /-([a-z]+)\d+$/.exec(name) ?? []
    const ssh = protocol === 'ssh' ? { ssh: { hostKey: hostKeys[name] } } : {}
    return [name, { host: '127.0.0.1', port, ...ssh, tags: { role, last: name === names.at(-1) ? 'yes' : 'no' } }]
  })
  return JSON.stringify({
    defaults: { ...SPOKEN[protocol], credentials: 'sim' },
    credentials: { sim: { username: 'admin', password: 'admin', simulated: true } },
    devices: Object.fromEntries(devices),
  })
}

const SPOKEN = {
  http: { protocol: 'http' },
  https: { protocol: 'https', tls: { ca: 'ca.pem' } },
  ssh: { transport: 'ssh' },
} as const

/** Plans a workflow of a project, `NAME.yaml`, into `NAME.plan`, and approves it. */
export async function planned(fleet: FleetProject, name: string): Promise<Measured> {
  const plan = await ended(fleet, [0], 'plan', `${name}.yaml`, '-o', `${name}.plan`)
  const { digest } = JSON.parse(readFileSync(join(fleet.dir, `${name}.plan`), 'utf8')) as { digest: string }
  await ended(fleet, [0], 'approve', `${name}.plan`, '--digest', digest)
  return plan
}

/** Runs a command of a project, and says how it went. Throws where it ends with another code. */
export async function ended(
  fleet: FleetProject,
  codes: readonly number[],
  ...argv: readonly string[]
): Promise<Measured> {
  const measured = await fleet.eosflow(...argv)
  const { code, cpu, memory, seconds } = measured
  process.stderr.write(
    `eosflow ${argv.join(' ')}: exit ${code}, ${seconds.toFixed(1)} s, ${cpu.toFixed(0)} ms CPU, ${memory.toFixed(0)} MB\n`,
  )
  if (codes.includes(code)) return measured
  const said = readFileSync(join(fleet.dir, 'stderr.log'), 'utf8').slice(-2000)
  throw new Error(
    `eosflow ${argv.join(' ')} ended with ${code}, not ${codes.join(' or ')}\n${measured.out.slice(-2000)}\n${said}`,
  )
}

/** Requires that a command has said these words. */
export function requireCount({ out }: Measured, words: string) {
  if (!out.includes(words)) throw new Error(`not "${words}":\n${out.slice(-500)}`)
}

interface Begun {
  readonly child: ChildProcess
  readonly ended: Promise<Measured>
}

/** How many programs were begun: each writes what it has used into a file of its own. */
let programs = 0

function begun(dir: string, argv: readonly string[]): Begun {
  programs += 1
  const since = performance.now()
  const file = join(dir, `usage-${programs}.json`)
  const flags = process.env.SOAK_NODE_FLAGS?.split(' ') ?? []
  const child = spawn(process.execPath, [...flags, '--import', USAGE, ...argv], {
    cwd: dir,
    env: { ...process.env, USAGE_FILE: file, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.pipe(createWriteStream(join(dir, 'stderr.log'), { flags: 'a' }))
  const ended = once(child, 'close').then(([code]): Measured => {
    const seconds = (performance.now() - since) / 1000
    return { code: code ?? -1, seconds, out, ...(JSON.parse(readFileSync(file, 'utf8')) as Usage) }
  })
  return { child, ended }
}

/** What one switch costs in a change of many, by eosflow's own user CPU, in proportion to one of fifty. */
const MOST_RATIO = 1.3
/** MB that eosflow may take, whatever becomes of the change. */
const MOST_MEMORY = 600
const BASE = 50

export const usage = 'fleet [SWITCHES]: a change of so many switches, a multiple of 50; default 1000'

/** The last switch gets another VLAN than its verification asks for where `fails` is set: then everybody else is put back. */
const workflow = (name: string, fails: boolean, push = '1h') => `name: ${name}
targets: '*'
change:
  mode: merge
  lines: ['vlan {{ 997 if device.tags.last == "${fails ? 'yes' : 'never'}" else 998 }}', '   name TESTED']
rollout: { waves: ['50%'], concurrency: 100, atomic: change }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: ${push} }
  - verify: { within: 8s, stableFor: 1s, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }
  - confirm
`

/** Fewer switches are not rolled back: that takes as long again, and .ci/run has a minute and a half. */
const ROLLED_BACK = 1000

interface Figure {
  readonly cpu: number
  readonly memory: number
}

/** CPU in milliseconds per switch, and MB at most, of each act on one fleet. */
type Figures = Readonly<Record<string, Figure>>

/**
 * Plans, runs, rolls back and puts back a change of as many simulated switches through the built command, and compares what one of
 * them costs with what one of fifty does. Prints every figure. 1 when the ratio or the memory is missed.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [count = 1000] = args.map(Number)
  if (!Number.isSafeInteger(count) || count < BASE || count % BASE !== 0) return undefined
  const isRolledBack = count >= ROLLED_BACK
  const small = await figuresOf(BASE, isRolledBack)
  const large = await figuresOf(count, isRolledBack)
  const missed = Object.entries(large).flatMap(([act, { cpu, memory }]) => {
    const base = small[act]?.cpu ?? Number.NaN
    const ratio = cpu / base
    process.stdout.write(
      `${act.padEnd(9)} ${cpu.toFixed(1).padStart(6)} ms a switch (${base.toFixed(1)} of ${BASE}), x${ratio.toFixed(2)}, ${memory.toFixed(0)} MB\n`,
    )
    return [
      ...(!(ratio <= MOST_RATIO) ? [`${act}: x${ratio.toFixed(2)} of the CPU a switch, more than x${MOST_RATIO}`] : []),
      ...(memory > MOST_MEMORY ? [`${act}: ${memory.toFixed(0)} MB, more than ${MOST_MEMORY}`] : []),
    ]
  })
  for (const line of missed) process.stdout.write(`MISSED: ${line}\n`)
  return missed.length === 0 ? 0 : 1
}

async function figuresOf(count: number, isRolledBack: boolean): Promise<Figures> {
  const fleet = await fleetProject(count)
  const figure = (...parts: readonly Measured[]): Figure => ({
    cpu: parts.reduce((sum, { cpu }) => sum + cpu, 0) / count,
    memory: Math.max(...parts.map(({ memory }) => memory)),
  })
  try {
    fleet.write('good.yaml', workflow('good', false))
    fleet.write('bad.yaml', workflow('bad', true))
    fleet.write('short.yaml', workflow('short', false, '61s'))
    if (count > BASE) await ended(fleet, [3], 'validate', 'short.yaml')
    const back = await planned(fleet, 'bad')
    const putBack = await ended(fleet, [6], 'run', 'bad.plan')
    requireCount(putBack, `${count} put back`)
    const plan = await planned(fleet, 'good')
    const run = await ended(fleet, [0], 'run', 'good.plan')
    requireCount(run, `${count} confirmed`)
    const figures = { plan: figure(plan), run: figure(run), 'put back': figure(back, putBack) }
    if (!isRolledBack) return figures
    const asked = await ended(fleet, [12], 'rollback', '@latest', '--detach')
    const shown = await ended(fleet, [0], 'show', '@latest', '--json')
    await ended(fleet, [0], 'approve', '@latest', '--digest', digestIn(shown.out))
    const resumed = await ended(fleet, [0], 'resume', '@latest')
    requireCount(resumed, `${count} confirmed`)
    return { ...figures, rollback: figure(asked, resumed) }
  } finally {
    fleet.close()
  }
}

function digestIn(text: string) {
  return /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? ''
}
