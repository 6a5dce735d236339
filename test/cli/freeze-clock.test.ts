import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exits, type Lab, openLab, warns, workflowFor } from '../lab/lab.ts'

const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

/** A lab whose machine has a clock that can be set: milliseconds by which it is ahead. */
function clockedLab() {
  const set = { ahead: 0 }
  const lab = openLab({
    workflow: workflowFor('leaf1 or leaf2'),
    seams: (seams) => ({
      ...seams,
      clock: {
        now: () => seams.clock.now() + set.ahead,
        monotonic: () => seams.clock.monotonic(),
        sleep: (milliseconds, signal) => seams.clock.sleep(milliseconds, signal),
      },
    }),
  })
  return { lab, set }
}

const freeze = async (lab: Lab, lasts: string) => {
  const { out } = await lab.eosflow('freeze --reason INC-1 --for', lasts, '--json')
  return JSON.parse(out).until
}

const run = async (lab: Lab) => {
  const { code, err } = await lab.eosflow('run workflow.yaml --detach')
  return [code, err]
}

test('a freeze that is set by a clock behind the record is no shorter than was said', async () => {
  const { lab, set } = clockedLab()
  await lab.ok('snapshot take before')
  set.ahead = -5 * HOUR
  expect(await freeze(lab, '2h')).toMatch(/^2026-01-05T10:00:/)
  set.ahead = 0
  expect(await run(lab)).toEqual([9, expect.stringContaining('nothing new begins until 2026-01-05T10:00:')])
  await lab.clock.advance(2 * HOUR)
  expect((await run(lab))[0]).toBe(12)
})

test('a clock that is set back keeps a freeze, and one that is set forward begins nothing against the switches', async () => {
  const { lab, set } = clockedLab()
  expect(await freeze(lab, '1h')).toMatch(/^2026-01-05T09:00:/)
  set.ahead = -2 * HOUR
  expect((await run(lab))[0]).toBe(9)
  set.ahead = 2 * HOUR
  expect(await run(lab)).toEqual([10, expect.stringContaining("this machine's clock says")])
  set.ahead = 0
  expect((await lab.eosflow('executions --json')).out).toContain('"executions":[]')
})

test('a freeze of a clock that was a year ahead is in force until somebody ends it', async () => {
  const { lab, set } = clockedLab()
  set.ahead = YEAR
  expect(await freeze(lab, '1h')).toMatch(/^2027-01-05T09:00:/)
  set.ahead = 0
  await lab.ok('audit accept-clock --reason', 'it was a year ahead')
  await lab.clock.advance(2 * HOUR)
  expect(await run(lab)).toEqual([9, expect.stringContaining('until 2027-01-05T09:00:')])
  await lab.ok('unfreeze --reason', 'the clock was wrong')
  expect((await run(lab))[0]).toBe(12)
})

test('a backup has the freezes that it had: one that was ended behind it is in force again, one that was set behind it is lost', async () => {
  const { lab } = clockedLab()
  await freeze(lab, '3h')
  await lab.ok('store backup copy.db')
  await lab.ok('unfreeze --reason x')
  await freeze(lab, '5h')
  for (const file of ['store.db', 'store.db-wal', 'store.db-shm'])
    try {
      renameSync(join(lab.dir, '.eosflow', file), join(lab.dir, file))
    } catch {}
  const restored = await lab.eosflow('store restore copy.db --reason', 'the disk broke')
  expect(restored.out).toContain('Freezes that were set since the backup are lost too')
  expect(await run(lab)).toEqual([9, expect.stringContaining('nothing new begins until 2026-01-05T11:')])
  await lab.clock.advance(3 * HOUR)
  expect((await run(lab))[0]).toBe(12)
})

test('the same change under a key that is known is not begun again: it is shown, freeze or not', async () => {
  const lab = openLab()
  const change = ['run', 'workflow.yaml', '--key', 'k1', '--detach'] as const
  await exits(12, lab.eosflow(...change))
  await lab.ok('stop @latest --reason x')
  await freeze(lab, '1h')
  await warns(11, lab.eosflow(...change), 'asked for before')
})
