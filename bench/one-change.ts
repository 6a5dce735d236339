import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from '../src/doors/cli/program.ts'
import type { Terminal } from '../src/doors/cli/terminal/io.ts'
import type { Seams } from '../src/project/system/process/seams.ts'
import type { SimulatedDevice } from './simulator.ts'

/** A change of one switch: a VLAN, and the checks that judge it, as a workflow file writes them. */
export function workflowOf(vlan: number, checks: string): string {
  return `name: add-a-vlan
targets: leaf1
change: { mode: merge, lines: ['vlan ${vlan}', '   name MEASURED'] }
steps:
  - snapshot: { state: [vlan] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 20s, stableFor: 0s, every: 1s, checks: ${checks} }
  - confirm
`
}

/** Makes a project of one simulated switch with a workflow, or writes over the one that is there. */
export function writeProject(dir: string, { username, password, http }: SimulatedDevice, workflow: string): void {
  const inventory = {
    defaults: { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username, password, simulated: true } },
    devices: { leaf1: http },
  }
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  writeFileSync(join(dir, 'inventory.yaml'), JSON.stringify(inventory))
  writeFileSync(join(dir, 'workflow.yaml'), workflow)
}

/** One command line in this process, as a person who approves would run it. Throws where its exit code is another one. */
export async function eosflow(cwd: string, argv: readonly string[], exit: number, seams?: Seams): Promise<void> {
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const io: Terminal = {
    env: {},
    cwd,
    out: say,
    err: say,
    interactive: true,
    color: false,
    ask: async () => 'yes',
    stop: new AbortController().signal,
    ...(seams === undefined ? {} : { seams }),
  }
  const code = await main(argv, io)
  if (code !== exit) throw new Error(`${argv.join(' ')}: exit ${code}\n${said}`)
}

/** How long something takes. */
export async function milliseconds(act: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await act()
  return performance.now() - begun
}
