import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FabricStatus } from '../../src/sim/fabric/status.ts'
import { builtCommand, type EndedProcess, type RunningProcess, startProcess } from '../lab/process.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { type DrawnFault, drawScenario, type Scenario, SWITCHES, type Typed } from './colleague-draw.ts'
import { judgeLived, type Lived, type Shown } from './colleague-judge.ts'
import { approvedPlan, printedBy, type ReachableSwitch, typedAt, writeProject } from './real-project.ts'
import { running } from './two-leaves.ts'

/** What came of the change of one seed. */
export interface ColleagueEnd {
  readonly scenario: Scenario
  readonly code: number | null
  /** What struck, in a few words. */
  readonly met: readonly string[]
  readonly wrong: readonly string[]
  readonly text: string
}

/** Simulated switches in a process of their own. */
interface Simulator {
  readonly switches: readonly ReachableSwitch[]
  control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<FabricStatus>
  stop(): Promise<void>
}

const VERSIONS: Readonly<Record<(typeof SWITCHES)[number], string>> = { leaf1: '4.31.4M', leaf2: '4.32.2F' }
/** Behind this time the faults end, so that a change that waits for a login comes to its end; in milliseconds. */
const MERCY = 25_000
/** A change that has not ended by then hangs, in milliseconds. */
const PATIENCE = 150_000

const MEASURES = {
  on: `proven:\n${Object.values(VERSIONS)
    .map((eos) => `  ${eos}: { replay: true, lock: true }\n`)
    .join('')}`,
  off: 'replayCheck: off\n',
}

/** Lives through the changes of seeds on one simulator after the other; a simulator that was left dirty is replaced. */
export async function liveThrough(
  seeds: readonly number[],
  told: (end: ColleagueEnd) => void = () => undefined,
): Promise<readonly ColleagueEnd[]> {
  const ends: ColleagueEnd[] = []
  let simulator = await startSimulator()
  try {
    for (const seed of seeds) {
      const end = await liveOnce(simulator, drawScenario(seed))
      ends.push(end)
      told(end)
      if (end.wrong.length === 0 && end.code !== 7) continue
      await simulator.stop()
      simulator = await startSimulator()
    }
    return ends
  } finally {
    await simulator.stop()
  }
}

async function startSimulator(): Promise<Simulator> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-colleague-sim-'))
  const devices = SWITCHES.map((name, index) => {
    mkdirSync(join(dir, name))
    const config = running(name, index + 1).replace('EOS-4.32.2F', `EOS-${VERSIONS[name]}`)
    writeFileSync(join(dir, name, 'running-config'), config)
    return `  ${name}: { eos: ${VERSIONS[name]}, model: DCS-7050SX3-48YC8, serial: JPE0000000${index}, mac: '00:1c:73:00:00:0${index}', config: ${name}/running-config }\n`
  })
  writeFileSync(
    join(dir, 'fabric.yaml'),
    `version: 1\nname: leaves\ncredentials: { username: admin, password: admin }\ndevices:\n${devices.join('')}`,
  )
  const process = startProcess(dir, builtCommand('sim', 'start', '.', '--json'))
  const [line] = await process.said(/^.*(?=\n)/, 'out')
  const { devices: switches, control } = JSON.parse(line) as {
    readonly devices: readonly ReachableSwitch[]
    readonly control: { readonly host: string; readonly port: number }
  }
  return {
    switches,
    control: async (method, path, body) => {
      const address = `http://${control.host}:${control.port}${path}`
      const response = await fetch(address, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
      return (await response.json()) as FabricStatus
    },
    stop: async () => {
      process.child.kill('SIGTERM')
      await process.ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function liveOnce(simulator: Simulator, scenario: Scenario): Promise<ColleagueEnd> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-colleague-'))
  try {
    const lived = await live(simulator, scenario, dir)
    const met = [
      ...lived.typed.map(({ device }) => `typed on ${device}`),
      ...lived.saved.map((device) => `saved on ${device}`),
      ...scenario.faults.filter(({ kind }) => !kind.startsWith('hand-')).map(({ kind, device }) => `${kind} ${device}`),
      ...(scenario.killedAfter === undefined ? [] : ['killed']),
      ...(scenario.unsaved === undefined ? [] : ['unsaved before']),
    ]
    return { scenario, code: lived.code, met, wrong: judgeLived(lived), text: lived.text }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function live(simulator: Simulator, scenario: Scenario, dir: string): Promise<Lived> {
  const { seed, transport, measures, unsaved, faults } = scenario
  const change = `CHANGE-${seed}`
  for (const one of simulator.switches) await printedBy(one, 'copy running-config startup-config')
  if (unsaved !== undefined) await type(simulator, unsaved)
  const workflow = workflowFor(SWITCHES.join(' or '), {
    push: '{ confirmWithin: 2m }',
    verify: `{ within: 20s, stableFor: 2s, every: 1s, checks: [reachable, { vlans-present: { vlans: [${vlanOf(seed)}] } }] }`,
    lines: [`vlan ${vlanOf(seed)}`, `   name ${change}`],
  })
  writeProject(dir, simulator.switches, { transport, workflow, settings: MEASURES[measures] })
  await approvedPlan(dir)
  const before = await simulator.control('GET', '/status')
  for (const { typed: _, ...fault } of faults) await simulator.control('POST', '/faults', fault)
  const login = faults.find(({ kind }) => kind === 'no-new-login')
  const lockedOutAt = login === undefined ? undefined : Date.now() + Number(login.after) * 1000
  const { ends, spared } = await runChange(dir, scenario, simulator)
  const then = await simulator.control('GET', '/status')
  const open = spared ?? then
  await simulator.control('DELETE', '/faults')
  const { hasBegun, ...record } = await recordOf(dir)
  return {
    scenario,
    change,
    // Killed before its first record: what was resumed is the plan, and that ends well.
    code: hasBegun ? (ends.at(-1)?.code ?? null) : null,
    text: ends.map(({ out, err }) => out + err).join('\n'),
    ...record,
    typed: faults.flatMap(({ typed }) => (typed !== undefined && hasStruck(open, typed) ? [typed] : [])),
    saved: savedOn(open, faults),
    lockedOutAt,
    after: await shownBy(simulator),
    timed: Object.fromEntries(SWITCHES.map((name) => [name, timedOf(then, name) - timedOf(before, name)])),
    left: leftOn(then),
  }
}

const vlanOf = (seed: number): number => 200 + (seed % 1500)

interface Change {
  readonly ends: readonly EndedProcess[]
  /** What was still to strike when the faults were ended, if they were. */
  readonly spared: FabricStatus | undefined
}

/** Runs the approved change; killed, it is resumed at once. What waits too long for a login is given one. */
async function runChange(dir: string, { killedAfter }: Scenario, simulator: Simulator): Promise<Change> {
  const first = startProcess(dir, builtCommand('run', 'change.plan'))
  if (killedAfter !== undefined) setTimeout(() => first.child.kill('SIGKILL'), killedAfter).unref()
  const run = await withMercy(first, simulator)
  const [end] = run.ends
  if (end?.signal !== 'SIGKILL' || killedAfter === undefined) return run
  const resumed = await withMercy(startProcess(dir, builtCommand('resume')), simulator)
  return { ends: [end, ...resumed.ends], spared: run.spared ?? resumed.spared }
}

async function withMercy({ child, ended }: RunningProcess, simulator: Simulator): Promise<Change> {
  let spared: FabricStatus | undefined
  const endFaults = async (): Promise<void> => {
    spared = await simulator.control('GET', '/status')
    await simulator.control('DELETE', '/faults')
  }
  const mercy = setTimeout(() => void endFaults(), MERCY)
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  const end = await ended.finally(() => {
    clearTimeout(mercy)
    clearTimeout(patience)
  })
  return { ends: [end], spared }
}

/** A line that somebody types before the plan, and does not save. */
async function type(simulator: Simulator, { device, lines }: Typed): Promise<void> {
  await simulator.control('POST', '/faults', { device, kind: 'hand-edit', lines })
  await simulator.control('GET', '/status')
}

/** Whether a hand has typed: it is no longer among what is still to strike. */
function hasStruck({ devices }: FabricStatus, { device, lines }: Typed): boolean {
  const open = devices.find(({ name }) => name === device)?.faults ?? []
  return !open.some((fault) => fault.kind === 'hand-edit' && fault.lines.join() === lines.join())
}

/** The switches on which one of the hands that save has struck. */
function savedOn({ devices }: FabricStatus, faults: readonly DrawnFault[]): readonly string[] {
  const countOf = (all: readonly { readonly kind: string }[]): number =>
    all.filter(({ kind }) => kind === 'hand-save').length
  return devices
    .filter(({ name, faults: open }) => countOf(open) < countOf(faults.filter(({ device }) => device === name)))
    .map(({ name }) => name)
}

function timedOf({ devices }: FabricStatus, device: string): number {
  return devices.find(({ name }) => name === device)?.counters.commits.timed ?? 0
}

function leftOn({ devices }: FabricStatus): readonly string[] {
  return devices.flatMap(({ name, sessions, timer }) => [
    ...(timer === undefined ? [] : [`${name}: a commit timer`]),
    ...Object.entries(sessions)
      .filter(([session, state]) => session.startsWith('eosflow-') && state !== 'completed' && state !== 'aborted')
      .map(([session, state]) => `${name}: ${session} is ${state}`),
  ])
}

/** What the record says, asked by a command of its own. */
async function recordOf(dir: string): Promise<Pick<Lived, 'ends' | 'confirmedAt'> & { hasBegun: boolean }> {
  const shown = JSON.parse((await typedAt(dir, 'show', '@latest', '--json')).out) as {
    readonly purpose: 'plan' | 'run'
    readonly devices: readonly { readonly name: string; readonly end: string }[]
  }
  const events = JSON.parse((await typedAt(dir, 'history', '@latest', '--json')).out) as readonly {
    readonly type: string
    readonly act?: string
    readonly at: string
  }[]
  const confirm = events.find(({ type: kind, act }) => kind === 'ActIntended' && act === 'confirm')
  return {
    hasBegun: shown.purpose === 'run',
    ends: Object.fromEntries(shown.devices.map(({ name, end }) => [name, end])),
    confirmedAt: confirm === undefined ? undefined : Date.parse(confirm.at),
  }
}

async function shownBy({ switches }: Simulator): Promise<Readonly<Record<string, Shown>>> {
  const texts = switches.map(async (one) => {
    const [now = '', startup = ''] = await printedBy(one, 'show running-config', 'show startup-config')
    return [one.name, { running: now, startup }] as const
  })
  return Object.fromEntries(await Promise.all(texts))
}
