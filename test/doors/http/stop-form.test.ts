import { expect, test } from 'vitest'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { redrive } from '../../../src/project/execution/resume/resume.ts'
import { takeUp } from '../../../src/project/execution/run/run.ts'
import { ANN, openLab } from '../../lab/lab.ts'
import { idle, until } from '../../lab/server.ts'

/** The hidden fields of the form of a page, but for the token, which the bench sends. */
function hiddenFields(page: string) {
  const fields = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)]
  return Object.fromEntries(fields.flatMap(([, name = '', value = '']) => (name === 'csrf' ? [] : [[name, value]])))
}

test.each(['stop', 'suspend'])(
  'the form of a %s is taken although the execution has gone on since it was opened',
  { tags: 'long' },
  async (act) => {
    const bench = await openLab().serve()
    const ann = bench.browser(ANN)
    const id = await ann.begin()
    const get = () => ann.seen(id)
    await ann.waits(id)
    const { seq: seen, plan } = await get()
    const form = await ann.get(`/executions/${id}/${act}`)
    expect(form.status).toBe(200)
    await ann.post(`/api/v1/plans/${String(plan)}/decisions`, { decision: 'approve' })
    await bench.room.begin()
    await until(bench, async () => Number((await get()).seq) > Number(seen))
    const asked = await ann.form(`/executions/${id}/${act}`, { ...hiddenFields(form.text), reason: 'wrong window' })
    expect([asked.status, asked.headers.get('location')]).toEqual([303, `/executions/${id}`])
    expect(bench.failures).toEqual([])
  },
)

test('the form that redrives is refused when something has happened since it was opened', async () => {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  const { execution } = (await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })).json
  const path = `/executions/${String(execution)}`
  await until(bench, async () => (await ann.get(`/api/v1${path}`)).json.waitingFor !== undefined)
  await ann.post(`/api/v1${path}/stop`, { reason: 'x' })
  await until(bench, async () => (await ann.get(`/api/v1${path}`)).json.status === 'ended')
  const form = await ann.get(`${path}/redrive`)
  const fields = hiddenFields(form.text)
  expect(Number(fields.newest)).toBeGreaterThan(0)
  const stale = await ann.form(`${path}/redrive`, { ...fields, newest: String(Number(fields.newest) - 1) })
  expect([stale.status, stale.text.includes('has newer records')]).toEqual([412, true])
})

test('of two who start an execution again at the same moment one does', async () => {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  const path = `/api/v1/executions/${id}`
  await until(bench, async () => (await ann.get(path)).json.waitingFor !== undefined)
  await ann.post(`${path}/stop`, { reason: 'x' })
  await until(bench, async () => (await ann.get(path)).json.status === 'ended')
  await idle(bench)
  const started = await redrive(bench.app, { ...silentConsole(), principal: ANN }, id)
  expect(started.status).toBe('running')
  // Both were allowed when it had ended; the other one comes to the record behind the first.
  await expect(
    takeUp(bench.app, { ...silentConsole(), principal: ANN }, id, 'ExecutionRedriven'),
  ).rejects.toMatchObject({
    kind: 'busy',
  })
  expect(bench.failures).toEqual([])
})
