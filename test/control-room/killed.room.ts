// @module-tag night
import { expect, test } from 'vitest'
import { LONG, openLeaves, serveProject } from '../cli/running.ts'
import { exits, json, soon } from '../lab/lab.ts'
import { CHANGE } from './server-process.ts'

test('a server that is killed while a change is live goes on with it when it is started again', async () => {
  const bench = await openLeaves(2, LONG)
  const served = await serveProject(bench)
  const id = String((await served.post('/api/v1/executions', CHANGE)).json.execution)
  const path = `/api/v1/executions/${id}`
  await soon(async () => (await served.get(path)).json.waitingFor !== undefined)
  await bench.ok(`approve ${id}`)
  await soon(async () => (await bench.eosflow(`history ${id} --json`)).out.includes('"VerdictGiven"'))
  served.process.kill('SIGKILL')
  await served.process.ended
  const again = await serveProject(bench)
  await soon(async () => (await again.get(path)).json.status === 'ended', 110_000)
  expect((await again.get(path)).json).toMatchObject({ outcome: 'succeeded' })
  const records = (await json(bench.eosflow(`history ${id} --json`))) as readonly { type: string }[]
  expect(records.filter(({ type }) => type === 'ExecutionResumed')).toHaveLength(2)
  again.process.kill('SIGTERM')
  await exits(0, again.process.ended)
})
