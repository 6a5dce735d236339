import { expect, test } from 'vitest'
import { differences, RECORDED_SEEDS } from '../../simulate/recorded-digests.ts'

test(`${RECORDED_SEEDS} histories do what they did: the same requests at the switches, the same ends, the same records`, {
  timeout: 600_000,
}, async () => {
  expect(await differences(1, RECORDED_SEEDS)).toEqual([])
})
