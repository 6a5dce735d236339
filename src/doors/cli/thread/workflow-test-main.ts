import { parentPort, workerData } from 'node:worker_threads'
import { selectedCases, testPorts } from '../../../lab/workflow-test/cases.ts'
import { runCase } from '../../../lab/workflow-test/run-case.ts'
import type { TestJob } from '../../../lab/workflow-test/run-cases.ts'
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
