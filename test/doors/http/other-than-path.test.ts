import { expect, test } from 'vitest'
import { routes } from '../../../src/doors/http/http-app.ts'
import { ANN, openLab } from '../../lab/lab.ts'
import { idle, until } from '../../lab/server.ts'

/** Another plan and another execution than those of a path. */
const OTHER = { plan: `sha256:${'b'.repeat(64)}`, execution: '20260105-080000-00000001' }

/** The acts whose path names what their body could name too. */
const NAMED = routes.flatMap(({ method, path, input }) => {
  if (method !== 'POST' || input === undefined) return []
  return (['plan', 'execution'] as const).flatMap((name) =>
    path.includes(`{${name}}`) && name in input.shape ? [[path, name] as const] : [],
  )
})

test('the acts that name a plan or an execution in their path are these', () => {
  expect(NAMED.map(([path]) => path).sort()).toEqual([
    '/api/v1/executions/{execution}/redrive',
    '/api/v1/executions/{execution}/resume',
    '/api/v1/executions/{execution}/rollback',
    '/api/v1/executions/{execution}/stop',
    '/api/v1/executions/{execution}/suspend',
    '/api/v1/plans/{plan}/challenges',
    '/api/v1/plans/{plan}/decisions',
    '/api/v1/plans/{plan}/executions',
    '/api/v1/plans/{plan}/rebase',
  ])
})

test('[B8] an act whose body names another one than its path is refused, and nothing goes on record', {
  tags: 'long',
}, async () => {
  const bench = await openLab().serve()
  await bench.room.begin()
  const ann = bench.browser(ANN)
  const planned = String((await ann.post('/api/v1/plans', { workflow: 'workflow.yaml' })).json.execution)
  const get = async () => await ann.seen(planned)
  await until(bench, async () => (await get()).status === 'ended')
  const own = { plan: String((await get()).plan), execution: planned }
  await idle(bench)
  const before = (await bench.app.store.head()).seq
  for (const [path, name] of NAMED) {
    const target = path.replace(`{${name}}`, own[name])
    const body = { [name]: OTHER[name], decision: 'approve' }
    for (const { status, json } of [await ann.post(target, body), await ann.form(target, body)]) {
      expect([status, json.kind, json.detail], target).toEqual([
        409,
        'other-than-path',
        `the request names another ${name} than its path: nothing was done`,
      ])
    }
  }
  expect((await bench.app.store.head()).seq).toBe(before)
  expect(await bench.app.store.approvals(own.plan)).toEqual([])
  // Whoever says the same twice says nothing else.
  const same = await ann.post(`/api/v1/plans/${own.plan}/decisions`, { plan: own.plan, decision: 'approve' })
  expect([same.status, same.json.plan]).toEqual([200, own.plan])
  expect(await bench.app.store.approvals(OTHER.plan)).toEqual([])
})
