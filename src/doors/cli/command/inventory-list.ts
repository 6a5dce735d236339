import { openProject } from '../../../project/files/project.ts'
import { chosenDevices, tellWarnings } from '../../../project/switches/inventory/tell-warnings.ts'
import {
  listedSwitch,
  switchListAnsible,
  switchListCsv,
  switchListJson,
  switchListText,
} from '../../../report/inventory/switch-list.ts'
import type { Invocation } from '../terminal/io.ts'

/** The switches of the inventory, or those that `-t` means. */
export async function run({ io, options, global }: Invocation): Promise<number> {
  const inventory = openProject(io, global).inventory()
  tellWarnings(inventory, { tell: io.err })
  const devices = chosenDevices(inventory, options.target)
  const listed = devices.map(listedSwitch)
  if (options.ansible === true) io.out(`${JSON.stringify(switchListAnsible(devices, io.err), undefined, 2)}\n`)
  else if (options.csv === true) io.out(switchListCsv(listed))
  else if (global.json) io.out(`${JSON.stringify(switchListJson(listed))}\n`)
  else io.out(`${switchListText(listed)}\nNext: eosflow inventory show ${listed[0]?.name ?? 'SWITCH'} --origin\n`)
  return 0
}
