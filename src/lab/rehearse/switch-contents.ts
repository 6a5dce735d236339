import { type ChangeLine, presentChanges } from '../../eos/config/diff/diff.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { changesBetween, comparableText } from '../../eos/config/vlan-sets.ts'
import { printed } from '../../eos/sim/cli/exec/show-config.ts'
import type { SimulatedFabric } from '../../eos/sim/fabric/simulated-fabric.ts'

export interface SwitchContents {
  readonly running: string
  readonly startup: string
  readonly execInConfig: readonly string[]
}

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

export function differenceOf(from: string, to: string): readonly ChangeLine[] {
  return from === to ? [] : presentChanges(changesBetween(parseConfig(from), parseConfig(to)))
}
