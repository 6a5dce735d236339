import { openProject } from '../../../../src/project/files/project.ts'
import { type SealStep, seal } from '../../../../src/project/record/upkeep/seal.ts'
import { ALICE } from '../../../change/record/one-of-each-event.ts'
import { hostIn } from '../../../lab/opened-app.ts'

/** Seals the store of the project in this folder, as a process that is killed as soon as a step is done. */
const [last = ''] = process.argv.slice(2)
const host = hostIn(process.cwd())
const heed = (step: SealStep) => {
  if (step === last) process.kill(process.pid, 'SIGKILL')
}
const caller = { principal: ALICE, tell: () => undefined, interactive: false }
await seal(openProject(host, {}), host, caller as never, { part: { keep: 0 }, reason: 'half a year', heed })
