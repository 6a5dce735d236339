import { expect, test, vi } from 'vitest'
import { ANN, openLab, workflowFor } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'

const WORKFLOWS = ['leaf1', 'leaf2', 'leaf3', 'leaf1'] as const

/** Four plans: two of leaf1, one each of leaf2 and leaf3. Gives their ids, the oldest first. */
async function planned() {
  const bench = await openLab({
    prepare: (lab) => {
      for (const name of ['leaf2', 'leaf3']) lab.write(`workflows/${name}.yaml`, workflowFor(name))
    },
  }).serve()
  const ann = bench.browser(ANN)
  const ids: string[] = []
  for (const name of WORKFLOWS) {
    const workflow = name === 'leaf1' ? 'workflow.yaml' : `workflows/${name}.yaml`
    const { json } = await ann.post('/api/v1/plans', { workflow })
    ids.push(String(json.execution))
    await until(bench, async () => (await ann.get(`/api/v1/executions/${json.execution}`)).json.status === 'ended')
  }
  return { bench, ids }
}

test('a filter reads the records of those executions alone that its first and last records do not rule out, and of each of them once', {
  tags: ['long', 'turn'],
}, async () => {
  const { bench, ids } = await planned()
  const ann = bench.browser(ANN)
  const [first, second, third, fourth] = ids
  const read = vi.spyOn(bench.front.app.store, 'read')
  const asked = async (query: string) => {
    read.mockClear()
    const { json } = await ann.get(`/api/v1/executions?${query}`)
    const given = (json.executions as readonly { id: string }[]).map(({ id }) => id)
    return { given, read: [...new Set(read.mock.calls.map(([id]) => id))] }
  }
  const only = (...given: (string | undefined)[]) => ({ given, read: given })
  const known = (...given: (string | undefined)[]) => ({ given, read: [] })
  expect(await asked('workflow=workflows/leaf2.yaml')).toEqual(only(second))
  expect(await asked('workflow=workflows/leaf3.yaml')).toEqual(only(third))
  expect(await asked('switch=leaf1')).toEqual(only(fourth, first))
  expect(await asked('by=nobody')).toEqual(only())
  expect(await asked('by=ann@box')).toEqual(known(fourth, third, second, first))
  expect(await asked('state=succeeded')).toEqual(only())
  expect(await asked('state=open')).toEqual(only())
  expect(await asked('state=planned')).toEqual(known(fourth, third, second, first))
  expect(await asked('state=planned&limit=1')).toEqual(known(fourth))
})
