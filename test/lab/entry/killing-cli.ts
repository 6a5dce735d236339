import type { Journal } from '../../../src/change/record/store/journal.ts'
import { loadProgram } from '../../../src/doors/cli/load-program.ts'
import { processIo } from '../../../src/doors/cli/process-io.ts'
import { noSeams } from '../../../src/project/system/process/seams.ts'
import { killingCount, killingJournal, killingTransport } from '../kill-at.ts'

/**
 * The command line as it is shipped, except that it kills itself, as `kill -9` does, at the point that the environment
 * names in KILL_AT (`before-arm`, `event-40`) and on the switch that it names in KILL_ON. It approves its own plan.
 */
const point = process.env.KILL_AT ?? ''
const device = process.env.KILL_ON ?? ''
const seams = {
  ...noSeams,
  journal: (journal: Journal) => killingCount(point)(killingJournal(point, device)(journal)),
  transport: killingTransport(point, device),
}
const { main } = await loadProgram([])
process.exitCode = await main(process.argv.slice(2), {
  ...processIo(true),
  interactive: true,
  ask: async () => 'yes',
  seams,
})
