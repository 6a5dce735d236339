import { diffConfig, isEmptyChange } from '../../../eos/config/diff/diff.ts'
import { secretlessLines } from '../../../project/switches/connect/secretless-lines.ts'
import { readConfig } from '../../../project/system/process/read-config.ts'
import { configDiffJson, configDiffText } from '../../../report/config-diff.ts'
import { styleOf } from '../../../report/text/text.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const [a = '', b = ''] = args
  const diff = diffConfig(readConfig(io, a), readConfig(io, b))
  io.out(
    global.json
      ? `${configDiffJson(diff, secretlessLines)}\n`
      : `${configDiffText(diff, secretlessLines, styleOf(io))}\n`,
  )
  return options.detailedExitcode === true && !isEmptyChange(diff) ? 2 : 0
}
