import { type ChangeLine, presentChanges } from '../../eos/config/diff/changes.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { changesBetween } from '../../eos/config/vlan-sets.ts'
import { comparableText } from '../../eos/config/volatile.ts'
import { printed } from '../../eos/sim/cli/exec/show-config.ts'
import type { SimulatedFabric } from '../../eos/sim/fabric/simulated-fabric.ts'

/** What a switch truly holds, looked at from inside the simulator: texts without lines that change by themselves. */
export interface SwitchContents {
  readonly running: string
  readonly startup: string
  /** The exec commands that were typed in a config mode. */
  readonly execInConfig: readonly string[]
}

/** Reads every switch of a fabric. */
export function readAll({ switches }: SimulatedFabric): ReadonlyMap<string, SwitchContents> {
  return new Map(
    switches.map(({ device }) => {
      device.settle()
      const { running, startup } = device
      const text = comparableText(printed(device, running))
      return [
        device.name,
        {
          running: text,
          startup: startup === running ? text : comparableText(printed(device, startup)),
          execInConfig: device.commandLog.inConfig().map(({ line }) => line),
        },
      ]
    }),
  )
}

/** How one configuration differs from another, order and layout aside. */
export function differenceOf(from: string, to: string): readonly ChangeLine[] {
  return from === to ? [] : presentChanges(changesBetween(parseConfig(from), parseConfig(to)))
}
