import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../../src/eos/config/text/parse.ts'
import { PROFILES } from '../../../src/eos/sim/switch/behaviour.ts'
import type { Switch } from '../../../src/eos/sim/switch/switch.ts'
import { rowVerdicts, runKit } from '../../../src/features/conformance/kit/conversation.ts'
import { PROBES } from '../../../src/features/conformance/kit/probes/index.ts'
import type { TransportKind } from '../../../src/model/transport-kind.ts'
import { everyNthOfLong } from '../../extent.ts'
import { whileTimePasses } from '../../lab/lab.ts'
import { kitBench } from './kit-bench.ts'

/** All that a run may touch, in the bytes in which the switch has it. */
function stateOf({ config, sessions, lock }: Switch) {
  return {
    running: renderConfig(config.running),
    startup: renderConfig(config.startup),
    savedAt: config.savedAt,
    sessions: sessions.all(),
    timer: sessions.timer,
    checkpoints: config.checkpoints.all().map(({ name, tree }) => [name, renderConfig(tree)]),
    files: [...config.files.keys()],
    boot: { ...config.boot },
    locked: lock.held,
  }
}

/** The rows of which a whole run on the simulator shows nothing, by version. */
const NOT_REACHED = ['prompt-session', 'own-blocks']

async function whole(eos: string, isDisruptive: boolean, over: TransportKind = 'eapi') {
  const { clock, device, ports, lines, sent } = kitBench(eos, { over })
  const before = stateOf(device)
  const probes = PROBES.filter(({ disruptive }) => isDisruptive || disruptive !== true)
  const run = await whileTimePasses(clock, runKit(ports, probes))
  return { before, after: stateOf(device), run, lines, sent, verdicts: rowVerdicts(PROBES, run.probes) }
}

const rowsWith = (verdicts: ReturnType<typeof rowVerdicts>, verdict: string) =>
  verdicts.filter((one) => one.verdict === verdict).map(({ row }) => row)

describe('[G9] a whole run on a simulated switch', () => {
  test('[G145] refutes nothing and leaves the switch byte for byte as it was', async () => {
    const { before, after, run, verdicts } = await whole('4.32.2F', false)
    expect(after).toEqual(before)
    expect([run.remains, run.stopped]).toEqual([[], undefined])
    expect(run.probes.map(({ probe }) => probe).join(' ')).toBe('K1 K2 K7 K3 K8 K9 K10 K4 K5 K6')
    expect(rowsWith(verdicts, 'refuted')).toEqual([])
    expect(rowsWith(verdicts, 'not reached')).toEqual([
      'abort-again',
      'prompt-session',
      'own-blocks',
      'without-enable',
      'eapi-block',
      'lock-ends',
      'lock-words',
      'commit-under-lock',
      'save-under-timer',
      'reboot-under-timer',
    ])
  })

  test('commits nothing on a switch that cannot load its own text', async () => {
    const { clock, device, ports } = kitBench('4.32.2F', {
      faults: [{ kind: 'replay-fails', command: '^name USERS$' }],
    })
    const before = stateOf(device)
    const run = await whileTimePasses(clock, runKit(ports, PROBES))
    expect([run.remains, stateOf(device), device.counters.commits]).toEqual([
      [],
      before,
      { plain: 1, timed: 0, confirms: 0 },
    ])
    const [timer] = rowVerdicts(PROBES, run.probes).filter(({ row }) => row === 'reverts-by-itself')
    expect(timer?.verdict).toBe('not reached')
    expect(timer?.says).toBe('it is not tried where it does not load its own configuration: > name USERS')
  })

  test('over SSH it shows the prompts, and leaves out what is of eAPI', { tags: 'long' }, async () => {
    const { before, after, run, verdicts, lines } = await whole('4.32.2F', false, 'ssh')
    expect(after).toEqual(before)
    expect([run.remains, run.stopped]).toEqual([[], undefined])
    expect(rowsWith(verdicts, 'refuted')).toEqual([])
    expect(verdicts.find(({ row }) => row === 'prompt-session')).toMatchObject({ verdict: 'proven', says: '10' })
    expect(rowsWith(verdicts, 'not reached').slice(0, 3)).toEqual([
      'first-word-token',
      'incomplete-words',
      'refusal-codes',
    ])
    const step = lines.find((line) => line.kind === 'step' && line.step === 'open')
    expect(step).toMatchObject({ request: expect.stringMatching(/^configure session eosflow-kit-1\ninterface Loop/) })
    expect(step).not.toHaveProperty('status')
  })

  test.each(everyNthOfLong(3, 'profiles', Object.values(PROFILES)))(
    'so does one with all probes on %s',
    { tags: 'long' },
    async (eos) => {
      const { before, after, run, verdicts } = await whole(eos, true)
      // The last probe saves twice, and startup-config is the text that it was.
      expect({ ...after, savedAt: 0 }).toEqual({ ...before, savedAt: 0 })
      expect([run.remains, run.stopped]).toEqual([[], undefined])
      expect(rowsWith(verdicts, 'refuted')).toEqual([])
      const gone = ['4.35.0F', '4.36.0.1F'].includes(eos) ? [] : ['abort-again']
      expect(rowsWith(verdicts, 'not reached')).toEqual([...gone, ...NOT_REACHED])
    },
  )
})
