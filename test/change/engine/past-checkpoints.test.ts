import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pastCheckpoints } from '../../../src/change/engine/past-checkpoints.ts'
import { parseEvent } from '../../../src/change/record/event/record-text.ts'
import { BrokenChainError, MissingSegmentError } from '../../../src/change/record/seal/chain.ts'
import { checkpointName } from '../../../src/change/task/act/act.ts'

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

describe('what another execution has committed on a switch that lists its checkpoint', () => {
  test.each([
    [
      'flagship-succeeded',
      '20260105-080000-a00087fb',
      'blob:48047909557495029a76edc1044d4ac16eb4dd1dec79bd238a83b98bd0784e9e',
    ],
    [
      'killed-armed',
      '20260105-080000-3c676772',
      'blob:e306c97bac4442d977c91ddc654a57b0da131598fc36e9a8010ad2a3ac6ecf69',
    ],
    ['interrupted-in-verify', '20260105-080000-32d924d2', undefined],
    ['rejected', '20260105-080000-b0c5389f', undefined],
  ])('%s: leaf1', async (file, execution, target) => {
    const path = fileURLToPath(new URL(`../../fixtures/journals/interpreter-2/${file}.jsonl`, import.meta.url))
    const events = readFileSync(path, 'utf8').trimEnd().split('\n').map(parseEvent)
    const { committed } = pastCheckpoints(
      { executionIds: async () => [execution], readExecution: async () => events },
      'x9-00000009',
    )
    const listed = [checkpointName(execution), 'checkpoint-0']
    expect(await committed('leaf1', listed)).toEqual(target === undefined ? [] : [{ execution, target }])
    expect(await committed('leaf1', ['checkpoint-0'])).toEqual([])
    expect(await committed('leaf4', listed)).toEqual([])
  })
})

test('what an execution has saved later, with the number of a config session, is its checkpoint too: spent with the first, and named once', async () => {
  const path = fileURLToPath(new URL('../../fixtures/journals/interpreter-2/flagship-succeeded.jsonl', import.meta.url))
  const events = readFileSync(path, 'utf8').trimEnd().split('\n').map(parseEvent)
  const { spent, committed } = pastCheckpoints(
    { executionIds: async () => ['x1-00000001', 'x2-00000002'], readExecution: async () => events },
    'x9-00000009',
  )
  const listed = [
    'eosflow-00000001',
    'eosflow-00000001-4',
    'eosflow-00000002',
    'eosflow-00000009-4',
    'eosflow-00000001-x',
  ]
  expect(await spent('leaf1', listed)).toEqual(['eosflow-00000001', 'eosflow-00000001-4'])
  const executions = (await committed('leaf1', listed)).map(({ execution }) => execution)
  expect(executions).toEqual(['x1-00000001', 'x2-00000002'])
})

test('thousands of switches ask once, one execution after the other, and keep nothing of what failed', async () => {
  const path = fileURLToPath(new URL('../../fixtures/journals/interpreter-2/flagship-succeeded.jsonl', import.meta.url))
  const events = readFileSync(path, 'utf8').trimEnd().split('\n').map(parseEvent)
  const asked: string[] = []
  let [reading, most, fails] = [0, 0, true]
  const { spent } = pastCheckpoints(
    {
      executionIds: async () => {
        asked.push('ids')
        return ['x1-00000001', 'x2-00000002', 'x3-00000003']
      },
      readExecution: async (id) => {
        asked.push(id)
        reading += 1
        most = Math.max(most, reading)
        await new Promise((resolve) => setImmediate(resolve))
        reading -= 1
        if (fails && id === 'x2-00000002') throw new Error('the store is away')
        return events
      },
    },
    'x9-00000009',
  )
  const listed = ['eosflow-00000001', 'eosflow-00000002', 'eosflow-00000003']
  const ask = () => Promise.allSettled(Array.from({ length: 500 }, () => spent('leaf1', listed)))
  const failed = await ask()
  expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['rejected']))
  fails = false
  expect(await ask()).toEqual(
    Array.from({ length: 500 }, () => ({ status: 'fulfilled', value: ['eosflow-00000001', 'eosflow-00000002'] })),
  )
  expect(asked).toEqual(['ids', 'x1-00000001', 'x2-00000002', 'x3-00000003', 'x2-00000002'])
  expect(most).toBe(1)
})
