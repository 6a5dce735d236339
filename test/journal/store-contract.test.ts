import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../src/journal/event.ts'
import { MemoryStore } from '../../src/journal/memory/memory-store.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { asAlice, openForTest, thrownBy } from './sqlite/open-for-test.ts'
import { describeStore } from './store-contract.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }

describeStore('SQLite', async (clock = new VirtualClock()) => await openForTest(':memory:', clock))
describeStore('memory', async (clock = new VirtualClock()) =>
  asAlice(new MemoryStore({ clock, id: 'eosflow.audit/0000000000000000' })),
)

describe('a store of memory that several processes have open', () => {
  const opened = () => {
    const one = new MemoryStore({ clock: new VirtualClock(), id: 'eosflow.audit/0000000000000000' })
    return [asAlice(one), asAlice(one.opened())] as const
  }

  test('refuses the fence of whoever was superseded', async () => {
    const [one, other] = opened()
    await one.append('x1', [RESUMED, STAGED])
    await other.append('x1', [RESUMED])
    expect(await thrownBy(() => one.fence('x1', 'leaf1'))).toMatchObject({ kind: 'busy' })
    expect(await other.fence('x1', 'leaf1')).toMatchObject({ isFresh: true })
  })

  test('a record that was altered does not verify', async () => {
    const [one] = opened()
    const [written] = await one.append('x1', [ASKED])
    Object.assign(written ?? {}, { reference: 'env:B' })
    expect(await thrownBy(() => one.verifyChain())).toMatchObject({ kind: 'store' })
  })
})
