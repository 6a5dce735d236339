import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../../src/eos/config/text/parse.ts'
import { runKit } from '../../../src/features/conformance/kit/conversation.ts'
import { PROBES } from '../../../src/features/conformance/kit/probes/index.ts'
import { everyNth } from '../../extent.ts'
import { whileTimePasses } from '../../lab/lab.ts'
import { kitBench } from './kit-bench.ts'

/** The death of the process: no failure of a switch, so that nothing is tidied up. */
class Killed extends Error {}

const probes = PROBES.filter(({ id }) => ['K5', 'K9', 'K10', 'K12'].includes(id))

/** A switch behind a run that died at its nth request; `n` of all there are where none is given. */
async function killedAt(n = Number.POSITIVE_INFINITY) {
  let asked = 0
  let isAlive = true
  const bench = kitBench('4.32.2F', {
    before: () => {
      asked += 1
      if (isAlive && asked >= n) throw new Killed()
    },
  })
  const before = renderConfig(bench.device.running)
  const run = whileTimePasses(bench.clock, runKit(bench.ports, probes))
  await run.catch((thrown: unknown) => {
    if (!(thrown instanceof Killed)) throw thrown
  })
  isAlive = false
  return { ...bench, before, asked }
}

/** Why the next run tries nothing. */
function refusal({ clock, ports }: Awaited<ReturnType<typeof killedAt>>) {
  const again = runKit(ports, []).then(
    () => '',
    (error: Error) => error.message,
  )
  return whileTimePasses(clock, again)
}

/** The first requests only read, and keep running-config on flash. */
const FIRST = 5

describe('a run that is killed', () => {
  test('leaves a timer, and what the next run names', { tags: 'night', timeout: 900_000 }, async () => {
    const { asked } = await killedAt()
    const moments = Array.from({ length: asked - FIRST }, (_, at) => at + FIRST)
    const looked = everyNth({ test: 19, long: 5 }, 'moments of a run of the kit', moments)
    expect(looked.length).toBeGreaterThanOrEqual(10)
    let armed = 0
    for (const moment of looked) {
      const bench = await killedAt(moment)
      const { device, clock, before } = bench
      device.settle()
      if (device.sessions.timer !== undefined) {
        armed += 1
        // A switch whose eAPI the timed commit took away names nothing until its timer brings it back.
        const hasApi = renderConfig(device.running).includes('management api http-commands')
        expect(await refusal(bench), `request ${moment}`).toMatch(
          hasApi ? /a commit timer runs: eosflow-kit-\d/ : /the connection was refused/,
        )
      }
      await clock.advance(150_000)
      device.settle()
      const says = await refusal(bench)
      // A line that was typed by hand is under no timer.
      const isNamed = says.includes('interface Loopback987 (configure, no interface Loopback987)')
      if (!isNamed) expect(renderConfig(device.running), `request ${moment}`).toBe(before)
      const left = [
        'flash:eosflow-kit-backup (delete flash:eosflow-kit-backup)',
        ...device.sessions
          .all()
          .filter(({ state }) => state === 'pending')
          .map(({ name }) => `the config session ${name} (configure session ${name} abort)`),
        ...device.config.checkpoints
          .all()
          .filter(({ name }) => name.startsWith('eosflow'))
          .map(({ name }) => `the checkpoint ${name} (delete checkpoint:${name})`),
      ]
      expect(
        left.filter((one) => !says.includes(one)),
        `request ${moment}`,
      ).toEqual([])
    }
    if (looked.length === moments.length) expect(armed).toBeGreaterThanOrEqual(3)
  })
})
