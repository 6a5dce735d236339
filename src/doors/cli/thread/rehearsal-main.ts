import { parentPort, workerData } from 'node:worker_threads'
import { stageOf } from '../../../lab/rehearse/rehearse.ts'
import { requestOf } from './request.ts'
import { silentIo } from './silent-io.ts'
import type { RehearsalJob } from './trial-runners.ts'

const { cwd, args, options, global, selection } = workerData as RehearsalJob
const command = { usage: 'rehearse' }
const stage = requestOf({ io: silentIo(cwd), args, options, global, command }, selection).then(stageOf)

parentPort?.on('message', async (index: number) => {
  parentPort?.postMessage(await (await stage).tryOut(index))
})
