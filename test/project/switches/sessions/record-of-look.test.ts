import { expect, test } from 'vitest'
import { BrokenChainError } from '../../../../src/change/record/seal/chain.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { RecordOfLook } from '../../../../src/project/switches/sessions/recover.ts'
import { type App, partOf } from '../../../lab/lab.ts'

test('of one look each execution is read once, however many switches ask for it', async () => {
  const asked: string[] = []
  const store = partOf<App['store']>({
    executionIds: async () => {
      asked.push('ids')
      return ['x1', 'x2']
    },
    read: async (id: string) => {
      asked.push(id)
      if (id === 'x2') throw new BrokenChainError({ seq: 3, reason: 'its content was altered' })
      return []
    },
  })
  const clock = new VirtualClock()
  const record = new RecordOfLook({ store, clock })
  const switches = Array.from({ length: 300 }, async () => {
    expect(await record.ids()).toEqual(['x1', 'x2'])
    expect(await record.events('x1')).toEqual([])
    expect((await record.state('x1')).id).toBe('x1')
    // What cannot be read is refused to each of them.
    await expect(record.state('x2')).rejects.toMatchObject({ seq: 3 })
  })
  await Promise.all(switches)
  expect(asked).toEqual(['ids', 'x1', 'x2'])
  // Of another store, or begun since: that is asked again.
  await record.ids('anew')
  expect(asked).toEqual(['ids', 'x1', 'x2', 'ids'])
  // An execution that goes on for as long as a slow look takes is not called silent.
  await clock.advance(5_000)
  await record.events('x1')
  expect(asked).toEqual(['ids', 'x1', 'x2', 'ids', 'x1'])
})
