import { expect, test } from 'vitest'
import { ANN, openLab } from '../../lab/lab.ts'

test('nobody has the settings, the inventory or the policy read as a workflow, however a path is written', async () => {
  const bench = await openLab({
    files: {
      'eosflow.yaml': 'version: 1\ninventory: ./inventory.yaml\npolicy: rules/policy.yaml\n',
      'rules/policy.yaml':
        'version: 1\nrules: [{ id: all, allow: [plan.create, workflow.list], to: ["kind:person"] }]\n',
    },
  }).serve({ tokens: { ann: ANN } })
  const ask = async (workflow: string) =>
    (await bench.ask('POST', '/api/v1/plans', { token: 'ann', body: { workflow } })).json
  const absent = await ask('rules/none.yaml')
  for (const path of [
    'eosflow.yaml',
    'inventory.yaml',
    './inventory.yaml',
    'rules/policy.yaml',
    'rules//policy.yaml',
  ]) {
    const { kind, detail } = await ask(path)
    expect([path, kind, detail]).toEqual([path, 'no-route', expect.stringContaining('there is no such workflow')])
  }
  expect(absent.kind).toBe('input')
})
