import { openProject } from '../../../project/files/project.ts'
import { tellWarnings } from '../../../project/switches/inventory/tell-warnings.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { switchPage, switchPageJson, switchPageText } from '../../../report/inventory/switch-list.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const [name = ''] = args
  const inventory = openProject(io, global).inventory()
  tellWarnings(inventory, { tell: io.err })
  const device = inventory.devices.find((one) => one.name === name)
  if (device === undefined) {
    const known = inventory.devices.map((one) => one.name).slice(0, 50)
    throw inputError(
      'inventory show',
      'unknown-target',
      `there is no switch \`${name}\` in ${inventory.file}`,
      didYouMean(name, known),
    )
  }
  const page = switchPage(device)
  io.out(
    global.json ? `${JSON.stringify(switchPageJson(page))}\n` : `${switchPageText(page, options.origin === true)}\n`,
  )
  return 0
}
