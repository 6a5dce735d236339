import { rm } from 'node:fs/promises'
import { newDemoFolder, writeDemoProject } from '../../../features/demo/demo-project.ts'
import { CHANGE, flagship, isSaved, MISTAKEN_CHANGE } from '../../../features/demo/demo-workflows.ts'
import { readBoth } from '../../../features/demo/read-back.ts'
import { type FabricSource, type RunningDevice, startFabric } from '../../../lab/trial/start-fabric.ts'
import { bundled } from '../../../project/system/bundled.ts'
import { systemRandom } from '../../../project/system/machine/system-clock.ts'
import {
  compareReadings,
  type DemoResult,
  demoText,
  equalityTable,
  expectations,
  heading,
  incidentText,
  introduction,
  ROLLED_BACK,
} from '../../../report/demo/text.ts'
import { styleOf } from '../../../report/text/text.ts'
import { type Incident, incidentOf, writeMuseum } from '../demo/museum.ts'
import type { DemoCommands } from '../demo/rehearsal.ts'
import { type PlannedChange, planAndRun, served } from '../demo/served.ts'
import { type Invocation, type Io, screenWidth } from '../terminal/io.ts'
import { run as makePlan } from './plan.ts'
import { run as execute } from './run.ts'
import { serveProject } from './serve.ts'

const CANCELLED = 11

const COMMANDS: DemoCommands = { plan: makePlan, run: execute, serve: serveProject }

const DEMO: readonly PlannedChange[] = [
  [CHANGE, 'vlan140.plan'],
  [MISTAKEN_CHANGE, 'move.plan'],
]

/** The exit code is 0 only when everything is as it must be. */
export async function run(invocation: Invocation): Promise<number> {
  const [incident] = invocation.args
  return incident === undefined ? show(invocation) : showIncident(invocation, incidentOf(incident))
}

async function show(invocation: Invocation) {
  const { io, global } = invocation
  const begun = performance.now()
  return onFabric(invocation, { folder: bundled('fixtures/dc1') }, async (demo, devices) => {
    await writeDemoProject(demo.io.cwd, devices)
    if (invocation.options.serve === true) return served(COMMANDS, demo, DEMO)
    const result = await play(demo, devices)
    return finish(io, demo.io, global.json, result, (performance.now() - begun) / 1000)
  })
}

async function showIncident(invocation: Invocation, incident: Incident) {
  const { io, global } = invocation
  return onFabric(invocation, { fabric: incident.fabric }, async (demo, devices) => {
    await writeMuseum(demo.io.cwd, incident, devices)
    const change = { workflow: incident.workflow, params: [] }
    if (invocation.options.serve === true) return served(COMMANDS, demo, [[change, 'incident.plan']])
    const code = await planAndRun(COMMANDS, demo, change, 'incident.plan')
    io.out(
      global.json
        ? `${JSON.stringify({ version: 1, kind: 'incident', incident: incident.name, exitCode: code })}\n`
        : `\n${incidentText(incident.name, code, styleOf(demo.io))}\n`,
    )
    return code === ROLLED_BACK ? 0 : io.stop.aborted ? CANCELLED : 1
  })
}

async function onFabric(
  invocation: Invocation,
  source: FabricSource,
  work: (demo: Invocation, devices: readonly RunningDevice[]) => Promise<number>,
) {
  const { io, global } = invocation
  const dir = await newDemoFolder()
  const fabric = await startFabric({ ...source, random: systemRandom, project: dir })
  const shown: Io = { ...io, cwd: dir, ...(global.json ? { out: io.err, color: false } : {}) }
  try {
    return await work({ ...invocation, io: shown, global: { ...global, project: dir, json: false } }, fabric.devices)
  } finally {
    await fabric.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function play(invocation: Invocation, devices: readonly RunningDevice[]): Promise<DemoResult> {
  const { io } = invocation
  const style = styleOf(io)
  const width = screenWidth(io)
  io.out(`${introduction(flagship().shorter, style, width)}\n`)

  io.out(heading(style, width, '1  A change: VLAN 140 on four leaves, stretched over the EVPN fabric'))
  const change = await planAndRun(COMMANDS, invocation, CHANGE, 'vlan140.plan')
  const before = await readBoth(devices)
  const saved = isSaved(before)

  io.out(
    heading(style, width, '2  A mistake: the wrong AS number on one leaf. The switch takes it; the network does not'),
  )
  const mistake = await planAndRun(COMMANDS, invocation, MISTAKEN_CHANGE, 'move.plan')

  io.out(
    heading(
      style,
      width,
      '3  Read back: all six switches, asked again over plain HTTP, against what they were before 2',
    ),
  )
  const readBack = compareReadings(before, await readBoth(devices))
  io.out(`\n${equalityTable(readBack, style)}\n`)
  return { change, saved, mistake, readBack }
}

function finish(io: Io, shown: Io, json: boolean, result: DemoResult, seconds: number): number {
  const seen = expectations(result)
  const good = seen.every(({ met }) => met)
  const code = good ? 0 : io.stop.aborted ? CANCELLED : 1
  io.out(
    json
      ? `${JSON.stringify({ version: 1, kind: 'demo', ...result, seconds, exitCode: code })}\n`
      : `\n${demoText(seen, seconds, styleOf(shown))}\nNext: eosflow init my-network\n`,
  )
  return code
}
