import { expect, test } from 'vitest'
import { promotions } from './promotions.ts'

const KILLS = Number(process.env.EOSFLOW_KILLS ?? 4)
const SEED = Number(process.env.EOSFLOW_SEED ?? 1)

test('what was acknowledged is there when the server has died for good and its standby has taken over, again and again', {
  tags: 'turn',
  timeout: 120_000,
}, async () => {
  const end = await promotions({ kills: KILLS, seed: SEED, say: (line) => void process.stdout.write(`${line}\n`) })
  const { acknowledged, settled, seconds } = end
  process.stdout.write(
    `seed ${SEED}: ${KILLS} kills, ${acknowledged} acknowledged, ${settled} settled, ${seconds.toFixed(0)} s\n`,
  )
  expect([end.missing, end.other]).toEqual([[], []])
  expect(acknowledged).toBeGreaterThan(20 * KILLS)
})
