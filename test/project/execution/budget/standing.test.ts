import { expect, test } from 'vitest'
import { foldAll } from '../../../../src/change/engine/fold.ts'
import { type Ledger, openLedger } from '../../../../src/change/engine/ledger.ts'
import type { Budget } from '../../../../src/change/inventory/budget-settings.ts'
import { unlimitedRoom } from '../../../../src/change/record/room.ts'
import { noNotes } from '../../../../src/change/record/store/notes.ts'
import { budgetPort } from '../../../../src/project/execution/budget/share-book.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { ONE_OF_EACH } from '../../../change/record/one-of-each-event.ts'
import { freshPath, openForTest } from '../../../change/record/sqlite/open-for-test.ts'
import { type ContenderStore, SWITCHES } from './contenders.ts'

const STARTED = { ...ONE_OF_EACH[0], machine: { version: 3, startAt: '', states: {} } } as never

/** Executions over one store, each by its own settings. None of them waits. */
async function executions() {
  const store: ContenderStore = await openForTest(freshPath(), systemClock)
  return async (id: string, budgets: readonly Budget[]) => {
    const written = await store.append(id, [Object.assign({}, STARTED, { noWait: true })], 0)
    const ledger: Ledger = openLedger(
      { journal: store, room: unlimitedRoom, clock: systemClock },
      foldAll(id, written),
      () => undefined,
    )
    const app = { store, leases: store, notes: noNotes, clock: systemClock }
    const port = budgetPort({ app, execution: id, budgets, inventory: SWITCHES })
    const signal = new AbortController().signal
    return {
      ledger,
      take: (...devices: readonly string[]) => port.take(ledger, { devices, seconds: 60, signal }),
      stage: (device: string) =>
        ledger.append({ type: 'ActIntended', device, act: 'stage', session: 's', checkpoint: 'c' }),
      sharesOf: (device: string) => ledger.state.shares.get(device)?.shares ?? [],
    }
  }
}

const busy = (text: string) => expect.objectContaining({ kind: 'busy', message: expect.stringContaining(text) })

test('switches of one execution that are changed side by side have a share each', async () => {
  const begin = await executions()
  const [one, other] = [await begin('one', [{ on: 'role:leaf', max: 2 }]), await begin('other', [])]
  await Promise.all([one.take('leaf1'), one.take('leaf2')])
  expect([one.sharesOf('leaf1'), one.sharesOf('leaf2')]).toEqual([
    ['budget role:leaf [] #1'],
    ['budget role:leaf [] #2'],
  ])
  await expect(other.take('leaf3')).rejects.toEqual(busy('at most 2 of role:leaf may be under change at once: one '))
})

test('a switch that is changed under a share of another budget counts in those that its execution does not know', async () => {
  const begin = await executions()
  const one = await begin('one', [{ on: 'role:spine', max: 2, per: 'site' }])
  await one.take('spine1')
  await one.stage('spine1')
  const other = await begin('other', [{ on: 'role:spine', max: 1 }])
  await expect(other.take('spine2')).rejects.toEqual(busy('at most 1 of role:spine may be under change at once: one '))
  await one.ledger.append({ type: 'SharesGivenBack', devices: ['spine1'], shares: one.sharesOf('spine1') })
  await other.take('spine2')
})

test('a limit counts that somebody put on record after they were looked at first', async () => {
  const begin = await executions()
  const one = await begin('one', [
    { on: 'role:spine', max: 1 },
    { on: 'role:leaf', max: 1 },
  ])
  const other = await begin('other', [
    { on: 'role:spine', max: 2 },
    { on: 'role:leaf', max: 2 },
  ])
  await one.take('spine1')
  await expect(other.take('spine2')).rejects.toEqual(busy('at most 1 of role:spine'))
  await one.take('leaf1')
  await expect(other.take('leaf2')).rejects.toEqual(busy('at most 1 of role:leaf'))
})

test('who learns of a budget from others counts what is changed without a share as well', async () => {
  const begin = await executions()
  const [unaware, one, other] = [
    await begin('unaware', []),
    await begin('one', [{ on: 'role:leaf', max: 2 }]),
    await begin('other', []),
  ]
  await unaware.stage('leaf1')
  await one.take('leaf2')
  await expect(other.take('leaf3')).rejects.toEqual(busy('at most 2 of role:leaf may be under change at once'))
})

test('what was given back is taken anew', async () => {
  const begin = await executions()
  const [one, other] = [await begin('one', [{ on: 'role:leaf', max: 1 }]), await begin('other', [])]
  await one.take('leaf1')
  await one.ledger.append({ type: 'SharesGivenBack', devices: ['leaf1'], shares: one.sharesOf('leaf1') })
  await one.take('leaf1')
  await expect(other.take('leaf2')).rejects.toEqual(busy('at most 1 of role:leaf'))
})

test('a budget that others have limits also where nobody has a share of it yet', async () => {
  const begin = await executions()
  const one = await begin('one', [{ on: 'role:spine', max: 1, per: 'site' }])
  await one.take('spine1')
  const other = await begin('other', [])
  await other.take('spine2')
  expect(other.sharesOf('spine2')).toEqual(['budget role:spine [site=ams] #1'])
  const third = await begin('third', [])
  await expect(third.take('spine4')).rejects.toEqual(busy('at most 1 of role:spine at site=ams'))
})
