import { openProject } from '../../../src/app/project/project.ts'
import { withDatabase } from '../../../src/app/store/database-store.ts'
import { type MoveStep, moveStore } from '../../../src/app/store/move.ts'
import { ALICE } from '../../journal/one-of-each-event.ts'
import { hostIn } from '../../lab/opened-app.ts'

/** Moves the store of the project in this folder, as a process that is killed as soon as a step is done. */
const [url = '', last = ''] = process.argv.slice(2)
const host = hostIn(process.cwd())
const project = openProject(host, {})
const heed = (step: MoveStep): void => {
  if (step === last) process.kill(process.pid, 'SIGKILL')
}
const caller = { principal: ALICE, tell: () => undefined, interactive: false }
await moveStore(withDatabase(project, url), host, caller as never, {
  file: project.store,
  reason: 'more than one machine',
  anchors: [],
  heed,
})
