import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FabricStatus } from '../../src/sim/fabric/status.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { builtCommand, type EndedProcess, type RunningProcess, startProcess } from '../lab/process.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { approvedPlan, printedBy, type ReachableSwitch, typedAt, writeProject } from './real-project.ts'
import { running } from './two-leaves.ts'

/** What happens to one change of both switches while a colleague is at work on them. Drawn from its seed alone. */
interface Scenario {
  readonly seed: number
  readonly transport: 'eapi' | 'ssh'
  /** On: the lock and the replay are proven for both versions. Off: nothing is, and the replay check is off. */
  readonly measures: 'on' | 'off'
  /** A line that the colleague has typed before the plan and not saved. */
  readonly unsaved?: Typed
  /** What is set on the simulator right before the change begins. */
  readonly faults: readonly DrawnFault[]
  /** When the controller is killed, in milliseconds behind its start; it is resumed at once. */
  readonly killedAfter?: number
}

/** A block of his own on one switch; the marker is in no other configuration. */
interface Typed {
  readonly device: string
  readonly marker: string
  readonly lines: readonly string[]
}

/** A fault as the control port takes it, and for hands that type what they type. */
type DrawnFault = { readonly device: string; readonly kind: string; readonly typed?: Typed } & Readonly<
  Record<string, unknown>
>

/** The switches: EOS 4.31 and 4.32. */
const SWITCHES = ['leaf1', 'leaf2'] as const

const MOMENTS: readonly ((fraction: () => number) => Readonly<Record<string, unknown>>)[] = [
  // Between the reading of the base and the commit he is overwritten: these moments are drawn more often.
  () => ({ on: 'session-open' }),
  () => ({ on: 'session-open' }),
  () => ({ on: 'before-commit' }),
  () => ({ on: 'before-commit' }),
  () => ({ on: 'commit' }),
  (fraction) => ({ on: 'armed', after: tenths(fraction() * 2) }),
  (fraction) => ({ command: '^show running-config$', nth: 1 + Math.floor(fraction() * 6), side: 'before' }),
  (fraction) => ({ command: '^show running-config$', nth: 1 + Math.floor(fraction() * 6), side: 'behind' }),
  () => ({ command: ' commit timer ', side: 'before' }),
  () => ({ command: ' commit timer ', side: 'behind' }),
  () => ({ command: ' commit$', side: 'before' }),
  () => ({ command: ' commit$', side: 'behind' }),
  () => ({ command: '^copy running-config startup-config$', side: 'before' }),
  (fraction) => ({ after: tenths(fraction() * 6) }),
]

/** Every tenth seed types right before the timed commit and does nothing else: the moment that only the lock covers. */
const WINDOW = 10

/** Draws the scenario of a seed. */
function drawScenario(seed: number): Scenario {
  return seed % WINDOW === 0 ? windowScenario(seed) : drawn(seed)
}

function windowScenario(seed: number): Scenario {
  const device = SWITCHES[(seed / WINDOW) % 2] ?? 'leaf1'
  const typed = { device, marker: `HAND-${seed}-1`, lines: [`vlan ${2000 + (seed % 2000)}`, `   name HAND-${seed}-1`] }
  const moment = { command: ' commit timer ', side: 'before' }
  return {
    seed,
    transport: (seed / WINDOW) % 4 < 2 ? 'eapi' : 'ssh',
    measures: (seed / WINDOW) % 3 === 0 ? 'on' : 'off',
    faults: [{ device, kind: 'hand-edit', lines: typed.lines, ...moment, typed }],
  }
}

function drawn(seed: number): Scenario {
  const random = new SeededRandom(seed * 7919)
  const fraction = (): number => random.fraction()
  const below = (limit: number): number => Math.floor(fraction() * limit)
  const device = (): string => SWITCHES[below(SWITCHES.length)] ?? 'leaf1'
  let hands = 0
  const typed = (): Typed => {
    hands += 1
    const marker = `HAND-${seed}-${hands}`
    return { device: device(), marker, lines: [`vlan ${2000 + ((seed * 4 + hands) % 2000)}`, `   name ${marker}`] }
  }
  const moment = (): Readonly<Record<string, unknown>> => MOMENTS[below(MOMENTS.length)]?.(fraction) ?? {}
  const edits = Array.from({ length: 1 + below(2) }, (): DrawnFault => {
    const hand = typed()
    return { device: hand.device, kind: 'hand-edit', lines: hand.lines, ...moment(), typed: hand }
  })
  const saves = Array.from(
    { length: below(3) },
    (): DrawnFault => ({ device: device(), kind: 'hand-save', ...moment() }),
  )
  const chance = fraction()
  return {
    seed,
    transport: fraction() < 0.5 ? 'eapi' : 'ssh',
    measures: fraction() < 0.7 ? 'on' : 'off',
    ...(fraction() < 0.25 ? { unsaved: typed() } : {}),
    faults: [...edits, ...saves, ...disturbance(chance, edits[0]?.device ?? device(), fraction)],
    ...(chance >= 0.85 ? { killedAfter: 1_000 + below(5_000) } : {}),
  }
}

/** What else goes wrong, at most one thing: an answer lost or wrong, or no login any more. */
function disturbance(chance: number, device: string, fraction: () => number): readonly DrawnFault[] {
  if (chance < 0.25) {
    // The timed commit as often as any other write.
    const which = fraction() < 0.5 ? { command: ' commit timer ' } : { write: 1 + Math.floor(fraction() * 8) }
    return [{ device, kind: 'lost-answer', applied: fraction() < 0.8, ...which }]
  }
  if (chance < 0.4) {
    const which = fraction() < 0.6 ? { command: ' commit timer ' } : { write: 1 + Math.floor(fraction() * 8) }
    return fraction() < 0.5
      ? [{ device, kind: 'wrong-answer', error: fraction() < 0.5, ...which }]
      : [{ device, kind: 'error-line', command: ' commit timer ', message: '% Something is odd here' }]
  }
  if (chance < 0.6) return [{ device, kind: 'no-new-login', after: tenths(1 + fraction() * 4), for: 30 }]
  return []
}

const tenths = (value: number): number => Math.round(value * 10) / 10

/** What a switch showed to somebody who is not eosflow. */
interface Shown {
  readonly running: string
  readonly startup: string
}

/** One change as it was lived through, seen from outside of eosflow. */
interface Lived {
  readonly scenario: Scenario
  /** A text that only the change brings. */
  readonly change: string
  readonly code: number | null
  /** Everything that the commands printed. */
  readonly text: string
  /** The end of each switch by the record. */
  readonly ends: Readonly<Record<string, string>>
  /** When the first confirm was announced on the record, milliseconds since the epoch. */
  readonly confirmedAt: number | undefined
  /** What was typed while the change ran. */
  readonly typed: readonly Typed[]
  /** The switches on which the colleague has saved. */
  readonly saved: readonly string[]
  /** When new logins ended, milliseconds since the epoch. */
  readonly lockedOutAt: number | undefined
  readonly after: Readonly<Record<string, Shown>>
  /** How many timed commits have taken effect on each switch. */
  readonly timed: Readonly<Record<string, number>>
  /** What is left on the switches: a timer, an open session of ours. */
  readonly left: readonly string[]
}

/** So long a confirm may have been under way already when logins end, in milliseconds: one look of all switches. */
const UNDER_WAY = 1_500

/** Everything that is wrong with an end, a sentence each. */
function judgeLived(lived: Lived): readonly string[] {
  return [...linesLost(lived), ...endsUntrue(lived), ...startupUntrue(lived), ...lockedOut(lived), ...leftOver(lived)]
}

/** Lines of the colleague that are gone and that nobody has named; without the lock the report may name the window instead. */
function linesLost({ scenario, typed, after, text }: Lived): readonly string[] {
  const all = scenario.unsaved === undefined ? typed : [...typed, scenario.unsaved]
  return all
    .filter(({ device, marker }) => !(after[device]?.running.includes(marker) ?? false) && !text.includes(marker))
    .filter(({ device }) => scenario.measures === 'on' || !windowIsNamed(text, device))
    .map(({ device, marker }) => `${device}: ${marker} is gone, and nothing names it`)
}

const windowIsNamed = (text: string, device: string): boolean =>
  new RegExp(`^${device} +\\S [a-z ]+ (?:\\d+/\\d+|-) +no `, 'm').test(text)

/** The exit code and the ends on record against what the switches hold. */
function endsUntrue(lived: Lived): readonly string[] {
  return Object.entries(lived.after).flatMap(([device, shown]) => {
    const holds = [shown.running, shown.startup].map((text) => text.includes(lived.change))
    const where = `the change is in running-config: ${holds[0]}, in startup-config: ${holds[1]}`
    const codes = untrue(END_OF_CODE[String(lived.code)] ?? 'back', holds).map(() => `exit ${lived.code}`)
    const end = lived.ends[device] ?? 'none'
    const records = untrue(END_OF_RECORD[end] ?? 'unknown', holds).map(() => `on record as ${end}`)
    const wrong = [...codes, ...records].map((said) => `${device}: ${said}, and ${where}`)
    if (end !== 'untouched' || (lived.timed[device] ?? 0) === 0) return wrong
    return [...wrong, `${device}: on record as untouched, and a timed commit took effect`]
  })
}

/** What an exit code says of every switch; any other code says that all are back. */
const END_OF_CODE: Readonly<Record<string, 'there' | 'back' | 'unknown'>> = { 0: 'there', 7: 'unknown' }

/** What the record says of one. */
const END_OF_RECORD: Readonly<Record<string, 'there' | 'back' | 'unknown'>> = {
  changed: 'there',
  reverted: 'back',
  untouched: 'back',
  unchanged: 'back',
}

/** Once when a word is not true of a switch whose configurations hold the change, or do not. */
function untrue(said: 'there' | 'back' | 'unknown', holds: readonly boolean[]): readonly string[] {
  return said === 'unknown' || holds.every((one) => one === (said === 'there')) ? [] : [said]
}

/** A startup-config that is not what the end says, or that holds what a person had not saved. */
function startupUntrue({ scenario: { unsaved }, code, change, after, saved, text }: Lived): readonly string[] {
  const kept = Object.entries(after).flatMap(([device, { running, startup }]) => {
    const isTold = new RegExp(`${device}.*startup-config`).test(text)
    return code === 7 && startup.includes(change) && !running.includes(change) && !isTold
      ? [`${device}: startup-config holds the change, and nothing says so`]
      : []
  })
  if (unsaved === undefined || code === 0 || code === 7 || saved.includes(unsaved.device)) return kept
  const isSaved = after[unsaved.device]?.startup.includes(unsaved.marker) ?? false
  return isSaved ? [...kept, `${unsaved.device}: ${unsaved.marker} was saved, which nobody had saved`] : kept
}

/** A change that was confirmed although nobody could log in any more. */
function lockedOut({ lockedOutAt, confirmedAt }: Lived): readonly string[] {
  if (lockedOutAt === undefined || confirmedAt === undefined || confirmedAt < lockedOutAt + UNDER_WAY) return []
  return [`confirmed ${confirmedAt - lockedOutAt} ms behind the last login that was possible`]
}

function leftOver({ code, left }: Lived): readonly string[] {
  return code === 7 ? [] : left.map((what) => `left behind exit ${code}: ${what}`)
}

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
