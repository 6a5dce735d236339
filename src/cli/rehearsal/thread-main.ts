import { parentPort, workerData } from 'node:worker_threads'
import { stageOf } from '../../trial/rehearsal/rehearse.ts'
import { silentIo } from '../workflow-test/silent-io.ts'
import { requestOf } from './request.ts'
import type { RehearsalJob } from './thread.ts'

const { cwd, args, options, global, selection } = workerData as RehearsalJob
const command = { usage: 'rehearse' }
const stage = requestOf({ io: silentIo(cwd), args, options, global, command }, selection).then(stageOf)

parentPort?.on('message', async (index: number) => {
  parentPort?.postMessage(await (await stage).tryOut(index))
})
