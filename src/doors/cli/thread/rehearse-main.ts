import { parentPort, workerData } from 'node:worker_threads'
import { onTwin, preparedFrom, projectOf } from '../../../lab/rehearse/controllers.ts'
import { rehearse, stageOf } from '../../../lab/rehearse/rehearse.ts'
import { openProject } from '../../../project/files/project.ts'
import type { RehearseJob, RehearseMessage } from '../../http/rehearse-thread.ts'
import { faultOf } from '../../http/request/readable.ts'
import { requestFor } from './request.ts'
import { silentIo } from './silent-io.ts'

const WHOLE = { only: [], all: false, seed: 1 } as const

const say = (message: RehearseMessage): void => parentPort?.postMessage(message)

rehearsed(workerData as RehearseJob).then(
  (found) => say({ kind: 'found', found }),
  (error: unknown) => say({ kind: 'failed', fault: faultOf(error) }),
)

async function rehearsed({ cwd, place, plan }: RehearseJob) {
  const io = silentIo(cwd)
  const project = await projectOf(io, openProject(io, place), plan)
  const stage = await stageOf(requestFor(project, onTwin(io, project, preparedFrom(project, plan)), WHOLE))
  return rehearse(stage, [(index) => stage.tryOut(index)], {
    stop: io.stop,
    progress: (done, of) => say({ kind: 'progress', done, of }),
  })
}
