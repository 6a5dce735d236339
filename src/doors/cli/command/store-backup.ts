import { backUp } from '../../../project/record/upkeep/backup.ts'
import { count, visibleLine } from '../../../report/text/text.ts'
import { appCommand } from '../terminal/compose.ts'

const MIB = 1_048_576

export const run = appCommand(async ({ app, caller, io, args: [to = ''], global }) => {
  const { file, bytes, records, root, segments } = await backUp(app, caller, to)
  if (global.json) {
    io.out(`${JSON.stringify({ version: 1, kind: 'store-backup', file, bytes, records, root, segments })}\n`)
    return 0
  }
  const size = `${(bytes / MIB).toFixed(1)} MiB`
  io.out(
    `${visibleLine(`${to}: ${count(records, 'record')}, ${size}, verified. The keys are not in it: back up install.key and the *.key files beside the store, apart from it`)}\n`,
  )
  if (segments.length > 0)
    io.out(`Not in it, not verified with it, and to be copied once: ${segments.map(visibleLine).join(', ')}\n`)
  io.out('Next: eosflow audit verify\n')
  return 0
})
