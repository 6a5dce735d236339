import { expect, onTestFinished } from 'vitest'
import type { Ended } from './exits.ts'
import { type Files, writeFiles } from './files.ts'
import { temporaryFolder } from './folder.ts'
import { inventoryOf, type TagsOf } from './inventory.ts'
import { type Project, projectIn } from './project.ts'
import {
  configText,
  type FabricPorts,
  type FabricSource,
  type Plan,
  type RunningDevice,
  type RunningFabric,
  renderConfig,
  startFabric,
} from './sources.ts'
import { type Typing, typed } from './typed.ts'

/** What a project is made of besides its inventory, which lists the switches of its fabric. */
export interface ProjectOptions {
  /** Texts by their path from the project's root. */
  readonly files: Files
  /** Tags of each switch. */
  readonly tags?: TagsOf
  readonly env?: Readonly<Record<string, string>>
}

/** What a lab over sockets is made of. */
export interface SocketOptions extends ProjectOptions {
  readonly world: 'sockets'
  readonly switches: FabricSource & FabricPorts
}

/** A temporary project and the simulated switches of its inventory, over real HTTP. */
export interface SocketLab
  extends Omit<Project<RunningDevice>, 'fault' | 'clearFaults'>,
    Pick<RunningFabric, 'fault' | 'clearFaults'> {
  readonly fabric: RunningFabric
  /** Everything the commands have printed so far. */
  readonly printed: string
  /** As {@link SocketLab.eosflow}, with a person or an interrupt. */
  eosflowWith(options: Pick<Typing, 'answers' | 'stop'>, ...argv: readonly string[]): Promise<Ended>
}

/** Starts switches and makes a project for them. When the test is over the switches are closed, too. */
export async function openSocketLab({
  switches,
  tags = () => ({}),
  files,
  env = {},
}: SocketOptions): Promise<SocketLab> {
  const dir = temporaryFolder()
  const fabric = await startFabric(switches)
  let printed = ''
  const eosflowWith: SocketLab['eosflowWith'] = async (run, ...argv) => {
    const ended = await typed(dir, argv, { ...run, env })
    printed += ended.out + ended.err
    return ended
  }
  onTestFinished(() => fabric.close())
  onTestFinished(() => assertSettled(fabric, printed))
  writeFiles(dir, { 'eosflow.yaml': 'version: 1\n', 'inventory.yaml': inventoryOf(fabric, tags), ...files })
  return {
    ...projectIn(dir, fabric, (...argv) => eosflowWith({}, ...argv)),
    fault: (fault) => fabric.fault(fault),
    clearFaults: () => fabric.clearFaults(),
    fabric,
    get printed() {
      return printed
    },
    eosflowWith,
  }
}

/** The common teardown (no session of ours, no timer, no exec command typed in a config mode): startup-config equals running-config, or the report says that they differ. */
export function assertSettled(
  fabric: { readonly devices: readonly Pick<RunningDevice, 'name' | 'switch'>[] },
  report = '',
  mayRunExec = false,
) {
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
export function runningConfig({ switch: { config } }: Pick<RunningDevice, 'switch'>) {
  return configText(config.running, 'show running-config', config.printedBy)
}

/** The plan that `eosflow plan --json` printed. */
export function planIn({ code, out, err }: Ended): Plan {
  if (code !== 0 && code !== 2) throw new Error(`no plan, exit ${code}:\n${out}${err}`)
  return (JSON.parse(out) as { plan: Plan }).plan
}
