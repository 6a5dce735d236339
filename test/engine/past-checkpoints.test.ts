import { describe, expect, test } from 'vitest'
import { pastCheckpoints } from '../../src/engine/past-checkpoints.ts'
import { BrokenChainError } from '../../src/journal/chain.ts'
import { MissingSegmentError } from '../../src/journal/missing-segment.ts'
import { checkpointName } from '../../src/task/session-name.ts'

const OLD = 'x1-00000001'

describe('the checkpoint of an execution whose records are in a segment', () => {
  test('that is not at hand is left on the switch, and proves nothing', async () => {
    const asked: string[] = []
    const checkpoints = pastCheckpoints(
      {
        executionIds: async () => [OLD],
        readExecution: async (id) => {
          asked.push(id)
          throw new MissingSegmentError('segments/records-1-9-00112233aabbccdd.db', { first: 1, last: 9 })
        },
      },
      'x9-00000009',
    )
    expect(await checkpoints.spent('leaf1', [checkpointName(OLD)])).toEqual([])
    expect(await checkpoints.isReplayed('leaf1', [checkpointName(OLD)], 'blob:00')).toBe(false)
    expect(asked).toEqual([OLD])
  })

  test('that was altered is not passed over', async () => {
    const readExecution = async (): Promise<never> => {
      throw new BrokenChainError({ seq: 3, reason: 'its content was altered' })
    }
    const checkpoints = pastCheckpoints({ executionIds: async () => [OLD], readExecution }, 'x9-00000009')
    await expect(checkpoints.spent('leaf1', [checkpointName(OLD)])).rejects.toMatchObject({ seq: 3 })
  })
})
