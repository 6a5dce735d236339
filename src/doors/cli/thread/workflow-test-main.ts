import { parentPort, workerData } from 'node:worker_threads'
import { runCase, selectedCases, type TestJob, testPorts } from '../../../lab/workflow-test/execution.ts'
import { openProject } from '../../../project/files/project.ts'
import { frontEnd } from '../outcome/front-end.ts'
import { silentIo } from './silent-io.ts'

const { dir, selection, update } = workerData as TestJob
const project = openProject(silentIo(dir), { project: dir })
const cases = selectedCases(project, selection)
const ports = testPorts(project, update, frontEnd)

parentPort?.on('message', async (index: number) => {
  const testCase = cases[index]
  if (testCase === undefined) throw new RangeError(`no case ${index}`)
  parentPort?.postMessage(await runCase(testCase, ports))
})
