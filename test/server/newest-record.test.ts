import { expect, test } from 'vitest'
import type { EventBody } from '../../src/journal/event.ts'
import { ANN, openLab } from '../lab/lab.ts'

test('every page and document shows what was written right before it was asked for, also where it was shown before', async () => {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  const { json } = await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })
  const id = String(json.execution)
  await ann.waits(id)
  const listed = async (query = '') => {
    const { executions } = (await ann.get(`/api/v1/executions${query}`)).json as { executions: { outcome: unknown }[] }
    return executions.map(({ outcome }) => outcome)
  }
  const isIn = async (path: string, text: string) => (await ann.get(path)).text.includes(text)
  const shown = async () => ({
    all: await listed(),
    open: await listed('?state=open'),
    isUnknown: {
      overview: await isIn('/', 'nobody knows what is on it'),
      switches: await isIn('/switches', '1 in an unknown state'),
      one: await isIn('/switches/leaf1', 'unknown'),
    },
    view: (await ann.get(`/api/v1/executions/${id}/view`)).json.outcome,
    page: await isIn(`/executions/${id}`, 'as=page'),
  })
  const nowhere = { overview: false, switches: false, one: false }
  const resting = { all: [null], open: [null], isUnknown: nowhere, view: null, page: true }
  expect([await shown(), await shown()]).toEqual([resting, resting])
  const ended = (outcome: 'unknown' | 'succeeded', leaf1: 'unknown' | 'changed'): EventBody => ({
    type: 'ExecutionEnded',
    outcome,
    devices: { leaf1 },
  })
  // By the connection of another thread; nobody waits, and no time passes.
  const journal = bench.app.store.as(ANN)
  await journal.append(id, [ended('unknown', 'unknown')])
  expect(await shown()).toEqual({
    all: ['unknown'],
    open: [],
    isUnknown: { overview: true, switches: true, one: true },
    view: 'unknown',
    page: false,
  })
  await journal.append(id, [{ type: 'ExecutionRedriven' }])
  expect(await shown()).toMatchObject({ all: [null], open: [null], page: true })
  await journal.append(id, [ended('succeeded', 'changed')])
  expect(await shown()).toEqual({ all: ['succeeded'], open: [], isUnknown: nowhere, view: 'succeeded', page: false })
})
