import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { type RunningFabric, startFabric } from '../../src/trial/start-fabric.ts'
import { builtCommand, type EndedProcess, type RunningProcess, startProcess } from '../lab/process.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { approvedPlan, eosflowAt, printedBy, typedAt, writeProject } from './real-project.ts'
import { leaves } from './two-leaves.ts'

/** How a change loses the person who watches it. */
export const WAYS = ['SIGHUP', 'SIGINT twice', 'a closed terminal', 'closed pipes'] as const

export type Way = (typeof WAYS)[number]

/** One change of two switches, interrupted when the switches have been asked so often. */
export interface Interrupted {
  readonly way: Way
  /** Requests until then, of both switches together. */
  readonly request: number
  /** Milliseconds behind that. */
  readonly delay: number
}

/** What came of it: whatever is listed is wrong. */
export interface InterruptedEnd extends Interrupted {
  /** The exit code, and where both switches were then by their own word; `+` when that is saved. */
  readonly end: string
  readonly wrong: readonly string[]
}

const SWITCHES = ['leaf1', 'leaf2'] as const
const CHANGE = workflowFor(SWITCHES.join(' or '), {
  push: '{ confirmWithin: 2m }',
  verify: '{ within: 3s, stableFor: 0s, every: 1s, checks: [reachable, { vlans-present: { vlans: [998] } }] }',
})
/** Between the two interrupts, in milliseconds: longer than what counts as one press. */
const BETWEEN = 260
/** In milliseconds: shorter than what counts as two. */
const ONE_PRESS = 150
/** A run that has not ended by then hangs, in milliseconds. */
const PATIENCE = 60_000

/**
 * A terminal of its own for a program: it is the leader of the terminal's session, as a shell's job is. A byte on stdin closes
 * the terminal as a window that is closed does; then the program's exit code is told.
 */
const TERMINAL = `
import os, pty, select, sys
pid, master = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
while True:
    ready = select.select([master, 0], [], [])[0]
    if 0 in ready:
        os.close(master)
        break
    try: said = os.read(master, 65536)
    except OSError: break
    if not said: break
    os.write(1, said)
_, status = os.waitpid(pid, 0)
os.write(1, b'\\nexit %d\\n' % os.waitstatus_to_exitcode(status))
`

/** How many requests a change takes that nobody interrupts, of both switches together. */
export async function requestsOfChange(): Promise<number> {
  return atProject(async (dir, fabric) => {
    const before = requestsOf(fabric)
    const { code, err } = await eosflowAt(dir, 'run', 'change.plan')
    if (code !== 0) throw new Error(`the change fails: ${err}`)
    return requestsOf(fabric) - before
  })
}

/** Points spread evenly over a change, each with a delay that the seed gives. */
export function drawInterrupts(seed: number, requests: number, points: number, ways: readonly Way[]): Interrupted[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: points }, (_, index) => 1 + Math.floor((index * requests) / points)).flatMap((request) =>
    ways.map((way) => ({ way, request, delay: Math.floor(random.fraction() * 25) })),
  )
}

/** Lives through one change and judges its end by the switches and the record. */
export async function interrupt(given: Interrupted): Promise<InterruptedEnd> {
  return atProject(async (dir, fabric) => {
    if (given.way === 'SIGINT twice') {
      for (const device of SWITCHES)
        await fabric.fault({ device, kind: 'slow', before: 0.4, command: ' abort$|^copy |replace' })
    }
    const running = startChange(dir, given.way)
    await asked(fabric, given.request + requestsOf(fabric), running)
    await new Promise((resolve) => setTimeout(resolve, given.delay))
    await strike(running, given.way)
    const ended = await withPatience(running, given.way)
    await fabric.clearFaults()
    const { end, wrong } = await judge(dir, fabric, given, ended)
    return { ...given, end, wrong }
  })
}

/** Closes the terminal while it asks for the approval of a plan. */
export function closedAtQuestion(): Promise<{ readonly code: number | null; readonly places: readonly string[] }> {
  const work = async (dir: string, fabric: RunningFabric) => {
    const running = startProcess(dir, ['python3', '-c', TERMINAL, ...builtCommand('run', 'workflow.yaml')])
    while (!running.text.out.includes('Type yes') && running.child.exitCode === null) {
      await new Promise((next) => setTimeout(next, 10))
    }
    await strike(running, 'a closed terminal')
    const { code } = await withPatience(running, 'a closed terminal')
    return { code, places: await placesOf(fabric) }
  }
  return atProject(work, { isApproved: false })
}

/** Runs a change whose output goes to a disk that is full. */
export function toFullDisk(): Promise<{ readonly code: number | null; readonly places: readonly string[] }> {
  return atProject(async (dir, fabric) => {
    const full = ['sh', '-c', '"$@" >/dev/full 2>/dev/full', 'sh', ...builtCommand('run', 'change.plan')] as const
    const { code } = await startProcess(dir, full).ended
    return { code, places: await placesOf(fabric) }
  })
}

/** Interrupts a command every millisecond from its output on: all within what counts as one press. */
export async function interruptedAtEnd(): Promise<Pick<EndedProcess, 'code' | 'signal'>> {
  const { child, ended } = startProcess(tmpdir(), builtCommand('schema', 'workflow'))
  let timer: NodeJS.Timeout | undefined
  child.stdout?.once('data', () => {
    const until = performance.now() + ONE_PRESS
    timer = setInterval(() => {
      if (performance.now() < until) child.kill('SIGINT')
    }, 1)
  })
  const { code, signal } = await ended.finally(() => clearInterval(timer))
  return { code, signal }
}

async function atProject<T>(
  work: (dir: string, fabric: RunningFabric) => Promise<T>,
  { isApproved = true } = {},
): Promise<T> {
  const fabric = await startFabric(leaves(2))
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-interrupted-'))
  try {
    writeProject(dir, fabric.devices, { transport: 'eapi', workflow: CHANGE })
    if (isApproved) await approvedPlan(dir)
    return await work(dir, fabric)
  } finally {
    await fabric.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function startChange(dir: string, way: Way): RunningProcess {
  const command = builtCommand('run', 'change.plan')
  return way === 'a closed terminal'
    ? startProcess(dir, ['python3', '-c', TERMINAL, ...command])
    : startProcess(dir, command)
}

/** Waits until the switches were asked so often, or the change is over. */
async function asked(fabric: RunningFabric, requests: number, { child }: RunningProcess): Promise<void> {
  while (requestsOf(fabric) < requests && child.exitCode === null) await new Promise((next) => setTimeout(next, 2))
}

async function strike({ child }: RunningProcess, way: Way): Promise<void> {
  switch (way) {
    case 'SIGHUP':
      child.kill('SIGHUP')
      return
    case 'SIGINT twice':
      child.kill('SIGINT')
      await new Promise((resolve) => setTimeout(resolve, BETWEEN))
      child.kill('SIGINT')
      return
    case 'a closed terminal':
      child.stdin?.on('error', () => undefined).end('x')
      return
    case 'closed pipes':
      child.stdout?.destroy()
      child.stderr?.destroy()
  }
}

async function withPatience({ child, ended }: RunningProcess, way: Way): Promise<EndedProcess> {
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  const end = await ended.finally(() => clearTimeout(timer))
  if (way !== 'a closed terminal') return end
  return { ...end, code: Number(/\nexit (-?\d+)\n$/.exec(end.out)?.[1] ?? Number.NaN) }
}

async function judge(
  dir: string,
  fabric: RunningFabric,
  { way }: Interrupted,
  { code, err }: EndedProcess,
): Promise<Pick<InterruptedEnd, 'end' | 'wrong'>> {
  const found = await placesOf(fabric)
  const wrong: string[] = []
  const hold = (isSo: boolean, what: string): void => {
    if (!isSo) wrong.push(`${what}: exit ${code}, ${found.join(' ')}\n${err}`)
  }
  const shown = JSON.parse((await typedAt(dir, 'show', '@latest', '--json')).out) as {
    readonly outcome: string | null
  }
  if (code === 130 && shown.outcome !== null && !err.includes('left at once')) {
    // The second interrupt came behind the end of the change, while that was reported.
    hold(way === 'SIGINT twice' && shown.outcome === 'cancelled', `nothing was left, and it is ${shown.outcome}`)
    hold(found.join(' ') === 'BEFORE+ BEFORE+', 'what has ended was put back')
  } else if (code === 130) {
    hold(way === 'SIGINT twice', 'only a second interrupt leaves at once')
    hold(shown.outcome === null, 'what was left has no end on record')
    hold(new Set(found.map((place) => place.endsWith('SAVED'))).size === 1, 'nothing is saved by half')
    for (const fault of untrueWords(fabric, err)) hold(false, fault)
    const resumed = await typedAt(dir, 'resume')
    const later = (await placesOf(fabric)).join(' ')
    const settled = resumed.code === 0 ? 'AFTER+ AFTER+' : 'BEFORE+ BEFORE+'
    hold(later === settled, `resume ends with ${resumed.code} at ${later}`)
  } else if (code === 0) {
    hold(shown.outcome === 'succeeded', 'exit 0 is a success on record')
    hold(found.join(' ') === 'AFTER+ AFTER+', 'exit 0 is a change that is saved')
  } else {
    hold(way !== 'closed pipes', 'closed pipes do not end a change')
    hold(code === 11 && shown.outcome === 'cancelled', `it is stopped, and on record as ${shown.outcome}`)
    hold(found.join(' ') === 'BEFORE+ BEFORE+', 'what is stopped is put back')
  }
  for (const { name, switch: device } of fabric.devices) {
    device.settle()
    hold(device.sessions.timer === undefined, `${name}: no commit timer runs`)
    const open = device.sessions.all().filter(({ state }) => state === 'pending' || state === 'armed')
    hold(open.length === 0, `${name}: no session is open`)
  }
  return { end: `exit ${code} ${found.join(' ')}`, wrong }
}

/** Where each switch is by what it prints, and whether that is saved. */
function placesOf(fabric: RunningFabric): Promise<readonly string[]> {
  return Promise.all(
    fabric.devices.map(async (device) => {
      const [running = '', startup = ''] = await printedBy(device, 'show running-config', 'show startup-config')
      const holds = (text: string): boolean => text.includes('\nvlan 998\n')
      if (holds(running) === holds(startup)) return holds(running) ? 'AFTER+' : 'BEFORE+'
      return holds(running) ? 'AFTER' : 'BEFORE but SAVED'
    }),
  )
}

/** What the last line says of the switches that they do not say themselves. */
function untrueWords({ devices }: RunningFabric, err: string): readonly string[] {
  const last = err.trimEnd().split('\n').at(-1) ?? ''
  const parsed = /^left at once: (.+)\. Next: eosflow resume \d{8}-\d{6}-[0-9a-f]{8}$/.exec(last)?.[1]
  if (parsed === undefined) return [`no last line: ${last}`]
  const placeOf = (name: string): string | undefined =>
    parsed.split('; ').find((group) => group.split(': ')[0]?.split(', ').includes(name))
  return devices.flatMap(({ name, switch: device }) => {
    const place = placeOf(name)
    const isArmed = device.sessions.timer !== undefined
    if (isArmed === (place?.includes('under its commit timer') ?? false) || place?.includes('aborted') === true)
      return []
    return [`${name} is ${isArmed ? '' : 'not '}under a timer, and it says: ${last}`]
  })
}

function requestsOf(fabric: RunningFabric): number {
  return fabric.devices.reduce((sum, device) => sum + device.counters().requests, 0)
}

/** Runs some changes side by side, so many at once: they mostly wait. */
export async function interruptAll(
  all: readonly Interrupted[],
  atOnce: number,
  told: (end: InterruptedEnd) => void = () => undefined,
): Promise<readonly InterruptedEnd[]> {
  const waiting = [...all]
  const ends: InterruptedEnd[] = []
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const end = await interrupt(one)
      ends.push(end)
      told(end)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return ends
}
