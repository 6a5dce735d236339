import { expect, test, vi } from 'vitest'
import { listExecutions } from '../../src/project/history/executions/list-executions.ts'
import { type ExecutionRow, executionEntryJson } from '../../src/report/execution/row.ts'
import { appOf, exits, openLab, personNamed, workflowFor } from '../lab/lab.ts'

test('of a list of all, those that have ended are not read as a whole, and are listed as they are elsewhere', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  await exits(0, lab.change())
  lab.write('other.yaml', workflowFor('leaf1').replaceAll('998', '997'))
  await lab.ok('plan other.yaml')
  lab.write('third.yaml', workflowFor('leaf2'))
  await lab.exits(12, 'run third.yaml --detach')
  const { out } = await lab.ok('executions --json')
  const { executions } = JSON.parse(out) as {
    executions: readonly { id: string; outcome: string | null }[]
  }
  expect(executions.map(({ outcome }) => outcome)).toEqual([null, 'succeeded'])
  const app = await appOf(lab)
  const read = vi.fn(app.store.read)
  const rows: ExecutionRow[] = []
  await listExecutions({ ...app, store: { ...app.store, read } }, personNamed('local'), {
    target: undefined,
    states: [],
    touched: false,
    most: 10,
    kind: 'changes',
    take: async (row) => void rows.push(row),
  })
  const whole = read.mock.calls.filter(([, types]) => types === undefined)
  expect(whole.map(([execution]) => execution)).toEqual([executions[0]?.id])
  expect(`{"version":1,"executions":[${rows.map(executionEntryJson).join(',')}]}\n`).toBe(out)
})
