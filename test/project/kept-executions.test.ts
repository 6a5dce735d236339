import { describe, expect, test, vi } from 'vitest'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { executionsKept } from '../../src/project/history/executions/kept-executions.ts'
import { foldView, newView } from '../../src/report/view/view-state.ts'
import { PLAN, STATEMENT } from '../change/record/one-of-each-event.ts'
import { freshPath, openForTest } from '../change/record/sqlite/open-for-test.ts'
import { exits } from '../lab/exits.ts'
import { FOUR_LEAVES, recordingLab } from '../report/view/recorded.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }

describe('an execution that is kept', () => {
  test('is as new as the record behind every record that another process writes, and is read once', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab, events } = recordingLab({ workflow: FOUR_LEAVES })
    await exits(0, lab.agreed('run workflow.yaml -p vlan=998 -p name=TESTED'))
    const path = freshPath()
    const [writer, reader] = [await openForTest(path), await openForTest(path)]
    const kept = executionsKept(reader)
    const read = vi.spyOn(reader, 'read')
    let looked = 0
    for (const { v: _, seq: __, at: ___, actor: ____, execution, ...body } of events) {
      if (execution === undefined) continue
      const [event] = await writer.append(execution, [body as EventBody])
      expect((await kept.of(execution)).view.execution.seq).toBe(event?.seq)
      expect((await kept.of(execution, event)).view.execution.seq).toBe(event?.seq)
      looked += 1
    }
    expect(looked).toBeGreaterThan(150)
    const ids = [...new Set(events.flatMap(({ execution }) => execution ?? []))]
    expect([ids.length, read.mock.calls.map(([id]) => id)]).toEqual([1, ids])
    for (const id of ids) {
      const all = await writer.read(id)
      const { view } = await kept.of(id)
      expect([view, view.execution.outcome]).toEqual([all.reduce(foldView, newView(id)), 'succeeded'])
    }
  })

  test('is asked for by its newest record without a look at the record, as long as that is known', async () => {
    const store = await openForTest(':memory:')
    const [first] = await store.append('x1', [RESUMED])
    const kept = executionsKept(store)
    await kept.of('x1', first)
    const tail = vi.spyOn(store, 'tail')
    expect((await kept.of('x1', first)).view.execution.seq).toBe(1)
    expect(tail).toHaveBeenCalledTimes(0)
    const [second] = await store.append('x1', [RESUMED])
    expect((await kept.of('x1', second)).view.execution.seq).toBe(2)
    expect(tail.mock.calls.length).toBeGreaterThan(0)
  })

  test('lacks nothing that is written while it is read, whoever looks at the record meanwhile', async () => {
    const store = await openForTest(':memory:')
    await store.append('x1', [RESUMED])
    const kept = executionsKept(store)
    await kept.of('x9')
    const { read } = store
    vi.spyOn(store, 'read').mockImplementationOnce(async (id) => {
      const events = await read.call(store, id)
      await store.append('x1', [RESUMED])
      await kept.of('x9')
      return events
    })
    expect((await kept.of('x1')).view.execution.seq).toBe(1)
    await store.append('x1', [ENDED])
    const { view } = await kept.of('x1')
    expect([view.execution.seq, view.execution.resumed, view.execution.status]).toEqual([3, 2, 'ended'])
  })

  test('is read anew behind more records than anybody follows', { tags: ['long', 'turn'] }, async () => {
    const store = await openForTest(':memory:')
    await store.append('x0', [RESUMED])
    const kept = executionsKept(store)
    const read = vi.spyOn(store, 'read')
    await kept.of('x0')
    await store.append(
      'y',
      Array.from({ length: 5_001 }, () => RESUMED),
    )
    await store.append('x0', [RESUMED])
    expect((await kept.of('x0')).view.execution.seq).toBe(5_003)
    expect(read).toHaveBeenCalledTimes(2)
  })

  test('is read anew where so many others were asked for since', { tags: ['long', 'turn'] }, async () => {
    const store = await openForTest(':memory:')
    await store.append('x0', [RESUMED])
    const kept = executionsKept(store)
    const read = vi.spyOn(store, 'read')
    await kept.of('x0')
    for (let index = 1; index <= 2_000; index += 1) await store.append(`x${index}`, [RESUMED])
    for (let index = 1; index < 2_000; index += 1) await kept.of(`x${index}`)
    await kept.of('x0')
    expect(read).toHaveBeenCalledTimes(2_000)
    await kept.of('x2000')
    await kept.of('x0')
    expect(read).toHaveBeenCalledTimes(2_001)
    await kept.of('x1')
    expect(read).toHaveBeenCalledTimes(2_002)
  })

  test('is nothing where there is none, until there is', async () => {
    const store = await openForTest(':memory:')
    const kept = executionsKept(store)
    expect((await kept.of('x1')).view.execution.seq).toBe(0)
    await store.append('x1', [RESUMED])
    expect((await kept.of('x1')).view.execution.seq).toBe(1)
  })
})

test('the decisions about a plan are as new as the record, and asked of the store once', async () => {
  const store = await openForTest(':memory:')
  const kept = executionsKept(store)
  const asked = vi.spyOn(store, 'approvals')
  const seqs = async () => (await kept.decisionsAbout(PLAN)).map(({ seq }) => seq)
  expect(await seqs()).toEqual([])
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
  expect(await seqs()).toEqual([1])
  const other = { ...STATEMENT, plan: `sha256:${'b2'.repeat(32)}`, nonce: 'n2' }
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: other, seal: 'hmac:2' }])
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: { ...STATEMENT, nonce: 'n3' }, seal: 'hmac:3' }])
  expect(await seqs()).toEqual([1, 3])
  expect(asked).toHaveBeenCalledTimes(1)
})
