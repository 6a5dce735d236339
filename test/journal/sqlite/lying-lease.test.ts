import { expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const stage: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 's-1', checkpoint: 'c' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }
const FOR_EVER = '2099-01-01T00:00:00.000Z'

test.each([
  ['has ended on record', [stage, ended], undefined],
  ['is on no record', [stage, ended], 'nobody'],
  ['has not ended', [stage], undefined],
] as const)(
  '[S24] a lease for ever of an execution that %s gives nobody the switch, and is named',
  async (_, events, holder) => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('one', events)
    tamper(path, `UPDATE lease SET until = '${FOR_EVER}'${holder === undefined ? '' : `, execution = '${holder}'`}`)
    const altered = {
      kind: 'store',
      message: expect.stringContaining('the lease of leaf1 is not what was sealed last'),
    }
    expect(await thrownBy(() => store.leaseOf('leaf1'))).toMatchObject(altered)
    expect(await thrownBy(() => store.append('two', [stage]))).toMatchObject(altered)
    expect(await thrownBy(() => store.verifyChain())).toMatchObject(
      holder === undefined ? altered : { kind: 'store', message: expect.stringContaining('the lease of leaf1') },
    )
    // Whatever needs no switch goes on.
    await store.append('two', [{ type: 'StateEntered', path: '', state: 'plan' }])
  },
)

test('who has ended on record keeps no switch from others, whatever time is left of its lease', async () => {
  const store = await openForTest(':memory:')
  await store.append('one', [{ ...stage, seconds: 86_400 }])
  expect(await thrownBy(() => store.append('two', [stage]))).toMatchObject({ kind: 'busy' })
  await store.append('one', [ended])
  expect(await store.append('two', [stage])).toHaveLength(1)
})
