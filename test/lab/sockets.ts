import { expect, onTestFinished } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { configText } from '../../src/sim/switch/running-config.ts'
import {
  type FabricPorts,
  type FabricSource,
  type RunningDevice,
  type RunningFabric,
  startFabric,
} from '../../src/trial/start-fabric.ts'
import { writeFiles } from './files.ts'
import { temporaryFolder } from './folder.ts'
import { inventoryOf } from './inventory.ts'
import { type Typing, typed } from './typed.ts'

/** What one command line gave. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** What a project is made of besides its inventory, which lists the switches of its fabric. */
export interface ProjectOptions {
  /** Texts by their path from the project's root. */
  readonly files: Readonly<Record<string, string>>
  /** Tags of each switch. */
  readonly tags?: (device: string) => Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

/** A temporary project and the simulated switches of its inventory, over real HTTP. */
export interface Bench {
  readonly dir: string
  readonly fabric: RunningFabric
  /** Everything the commands have printed so far. */
  readonly printed: string
  /** Runs one command line in the project's folder. */
  eosflow(...argv: readonly string[]): Promise<Ended>
  /** As {@link Bench.eosflow}, with a person or an interrupt. */
  eosflowWith(options: Pick<Typing, 'answers' | 'stop'>, ...argv: readonly string[]): Promise<Ended>
  /** Writes a file of the project. */
  write(path: string, text: string): void
}

/**
 * Starts switches and makes a project for them. When the test is over, whatever its end, {@link assertSettled} is
 * asked, the switches are closed and the project is removed.
 */
export async function startBench(source: FabricSource & FabricPorts, options: ProjectOptions): Promise<Bench> {
  const dir = temporaryFolder()
  const fabric = await startFabric(source)
  let printed = ''
  const write = (path: string, text: string): void => writeFiles(dir, { [path]: text })
  const eosflowWith: Bench['eosflowWith'] = async (run, ...argv) => {
    const ended = await typed(dir, argv, { ...run, env: options.env ?? {} })
    printed += ended.out + ended.err
    return ended
  }
  onTestFinished(() => fabric.close())
  onTestFinished(() => assertSettled(fabric, printed))
  const inventory = inventoryOf(fabric, options.tags ?? (() => ({})))
  writeFiles(dir, { 'eosflow.yaml': 'version: 1\n', 'inventory.yaml': inventory, ...options.files })
  return {
    dir,
    fabric,
    get printed() {
      return printed
    },
    eosflow: (...argv) => eosflowWith({}, ...argv),
    eosflowWith,
    write,
  }
}

/** The common teardown (no session of ours, no timer, no exec command typed in a config mode): startup-config equals running-config, or the report says that they differ. */
export function assertSettled(
  fabric: { readonly devices: readonly Pick<RunningDevice, 'name' | 'switch'>[] },
  report = '',
  mayRunExec = false,
): void {
  for (const { name, switch: device } of fabric.devices) {
    device.settle()
    const open = device.sessions
      .all()
      .filter(
        ({ name: session, state }) => session.startsWith('eosflow-') && state !== 'completed' && state !== 'aborted',
      )
    expect(open, `${name}: sessions of ours that are open`).toEqual([])
    expect(device.sessions.timer, `${name}: a commit timer that runs`).toBeUndefined()
    if (!mayRunExec) expect(device.commandLog.inConfig(), `${name}: exec commands typed in a config mode`).toEqual([])
    if (renderConfig(device.running) === renderConfig(device.startup)) continue
    expect(report, `${name}: startup-config differs from running-config, and no report says so`).toMatch(UNSAVED)
  }
}

const UNSAVED =
  /startup-config (?:still )?differs from running-config|running-config is not saved|Lines that somebody has not saved/

/** What `show running-config` prints on a switch now, read beside its eAPI: no request is counted, no fault strikes. */
export function runningConfig({ switch: { config } }: RunningDevice): string {
  return configText(config.running, 'show running-config', config.printedBy)
}

/** The plan that `eosflow plan --json` printed. */
export function planIn({ code, out, err }: Ended): Plan {
  if (code !== 0 && code !== 2) throw new Error(`no plan, exit ${code}:\n${out}${err}`)
  return (JSON.parse(out) as { plan: Plan }).plan
}
