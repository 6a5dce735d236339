import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '../../app/system-random.ts'
import { duration } from '../../report/count.ts'
import { wrapped } from '../../report/fit.ts'
import { colored, plain, type Style } from '../../report/style.ts'
import { type RunningDevice, startFabric } from '../../testing/start-fabric.ts'
import { bundled } from '../bundled.ts'
import { flagship, MISTAKE } from '../demo/demo-workflows.ts'
import { compareReadings, type Equality, equalityTable } from '../demo/equality.ts'
import { readBoth } from '../demo/read-back.ts'
import { plan, run as runPlan } from '../demo/rehearsal.ts'
import type { Invocation, Io } from '../io.ts'
import { projectFiles } from '../scaffold/project-files.ts'
import { writeFiles } from '../scaffold/write-files.ts'
import { screenWidth } from '../screen-width.ts'

const CANCELLED = 11
const ROLLED_BACK = 6

/** What came of the demo. */
interface Result {
  /** Exit code of the change that is good. */
  readonly change: number
  /** Whether the leaves have the VLAN in both configurations. */
  readonly saved: boolean
  /** Exit code of the change that breaks BGP. */
  readonly mistake: number
  readonly readBack: readonly Equality[]
}

/**
 * Runs the flagship change on the bundled fabric over real HTTP, then one that breaks BGP and is rolled back, and reads
 * every switch back. The exit code is 0 only when everything is as it must be.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const begun = performance.now()
  const dir = await mkdtemp(join(tmpdir(), 'eosflow-demo-'))
  const fabric = await startFabric({ folder: bundled('fixtures/dc1'), random: systemRandom })
  // With --json the one document on stdout is the result; everything else is progress.
  const shown: Io = { ...io, cwd: dir, ...(global.json ? { out: io.err, color: false } : {}) }
  try {
    await writeProject(dir, fabric.devices)
    const demo = { ...invocation, io: shown, global: { ...global, project: dir, json: false } }
    const result = await play(demo, fabric.devices)
    return finish(io, shown, global.json, result, (performance.now() - begun) / 1000)
  } finally {
    await fabric.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function writeProject(dir: string, devices: readonly RunningDevice[]): Promise<void> {
  await writeFiles(dir, projectFiles(Object.fromEntries(devices.map(({ name, http }) => [name, http.port]))))
  await writeFile(join(dir, 'workflows/add-vlan.yaml'), flagship().text)
  await writeFile(join(dir, 'workflows/move-underlay.yaml'), MISTAKE)
}

async function play(invocation: Invocation, devices: readonly RunningDevice[]): Promise<Result> {
  const { io } = invocation
  const style = styleOf(io)
  const width = screenWidth(io)
  io.out(`${introduction(style, width)}\n`)

  io.out(heading(style, width, '1  A change: VLAN 140 on four leaves, stretched over the EVPN fabric'))
  const vlan = {
    workflow: 'workflows/add-vlan.yaml',
    params: ['vlan=140', 'label=PROD-CACHE', 'trunks=[Port-Channel1]'],
  }
  const change = await planAndRun(invocation, vlan, 'vlan140.plan')
  const before = await readBoth(devices)
  const leaves = [...before].filter(([name]) => name.startsWith('leaf'))
  const saved = leaves.every(([, { running, startup }]) => [running, startup].every(hasVlan))

  io.out(
    heading(style, width, '2  A mistake: the wrong AS number on one leaf. The switch takes it; the network does not'),
  )
  const move = { workflow: 'workflows/move-underlay.yaml', params: ['spineAs=65009'] }
  const mistake = await planAndRun(invocation, move, 'move.plan')

  io.out(
    heading(
      style,
      width,
      '3  Read back: all six switches, asked anew over plain HTTP, against what they were before 2',
    ),
  )
  const readBack = compareReadings(before, await readBoth(devices))
  io.out(`\n${equalityTable(readBack, style)}\n`)
  return { change, saved, mistake, readBack }
}

async function planAndRun(invocation: Invocation, change: Parameters<typeof plan>[1], file: string): Promise<number> {
  const planned = await plan(invocation, change, file)
  return planned === 0 ? runPlan(invocation, file) : planned
}

function hasVlan(config: string): boolean {
  return /^vlan 140\n {3}name PROD-CACHE$/m.test(config)
}

function introduction(style: Style, width: number): string {
  return [
    style.bold('eosflow demo: six simulated Arista switches, eAPI over real HTTP on loopback'),
    '',
    '        spine1        spine2           AS 65000 · eBGP underlay, EVPN overlay',
    '       ┌───┴───┬─────────┴┬───────┐     EOS 4.31 and 4.32',
    '     leaf1 ═ leaf2      leaf3 ═ leaf4     AS 65101, AS 65102 · two MLAG pairs',
    '',
    ...wrapped(`Short waiting times, so that it is over soon: ${flagship().shorter}.`, { width, hang: 0 }),
    ...wrapped('The demo approves its own plans, because every switch is simulated. On real ones a person does.', {
      width,
      hang: 0,
    }),
  ].join('\n')
}

/** How wide a rule is where nothing is narrower. */
const RULE = 114

/** A section's title with a rule behind it, as wide as the screen. */
function heading(style: Style, screen: number, text: string): string {
  const width = Math.min(RULE, screen)
  const lines = wrapped(`── ${text}`, { width, hang: 6 })
  const last = lines.at(-1) ?? ''
  const room = width - [...last].length - 1
  return `\n${[...lines.slice(0, -1), room < 3 ? last : `${last} ${'─'.repeat(room)}`].map((line) => style.bold(line)).join('\n')}\n`
}

function finish(io: Io, shown: Io, json: boolean, result: Result, seconds: number): number {
  const { change, saved, mistake, readBack } = result
  const equal = readBack.filter(({ running, startup }) => running && startup).length
  const expectations: readonly (readonly [met: boolean, what: string])[] = [
    [change === 0, `the change was confirmed on all leaves (exit code ${change}, must be 0)`],
    [saved, 'VLAN 140 is in running-config and startup-config of all leaves'],
    [mistake === ROLLED_BACK, `the mistake was caught and rolled back (exit code ${mistake}, must be ${ROLLED_BACK})`],
    [equal === readBack.length, `${equal} of ${readBack.length} switches read back equal to before, byte by byte`],
  ]
  const good = expectations.every(([met]) => met)
  const cancelled = !good && io.stop.aborted
  const code = good ? 0 : cancelled ? CANCELLED : 1
  if (json) {
    io.out(`${JSON.stringify({ version: 1, kind: 'demo', ...result, seconds, exitCode: code })}\n`)
    return code
  }
  const { good: green, bad: red } = styleOf(shown)
  const lines = expectations.map(([met, what]) => (met ? green(`✔ ${what}`) : red(`✖ ${what}`)))
  const summary = `Demo: ${lines.filter((_, index) => expectations[index]?.[0]).length} of ${lines.length} as it must be · ${duration(seconds)}`
  io.out(`\n${lines.join('\n')}\n\n${summary}\nNext: eosflow init my-network\n`)
  return code
}

function styleOf({ color }: Io): Style {
  return color ? colored : plain
}
