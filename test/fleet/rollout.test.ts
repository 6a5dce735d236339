import { describe, expect, test } from 'vitest'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { everyNthOfLong } from '../extent.ts'
import { exits, type LabOptions } from '../lab/lab.ts'
import {
  ALL,
  byPlace,
  CONFIRM,
  changedIn,
  FIRST,
  type Fleet,
  LEAVES,
  peerOf,
  rowsOf,
  SECOND,
  startFleet,
  strikes,
  THIRD,
  TIMED,
  without,
} from './fleet.ts'

/** Switches lose a host with their commit, so that their verification fails. */
function losesHost(...devices: readonly string[]): Pick<LabOptions, 'before'> {
  const faults = devices.map((device) => strikes(device, TIMED, { kind: 'link-down', device, port: 'Ethernet1' }))
  return {
    before: async (...request) => {
      for (const { before } of faults) await before?.(...request)
    },
  }
}

/** How a rollout ended: its exit code, who holds the change by its own configuration, and what the recap says of each. */
async function endOf(fleet: Fleet) {
  const ended = await fleet.lab.change()
  await fleet.lab.clock.advance(1_800_000)
  fleet.lab.clearFaults()
  for (const one of fleet.lab.fabric.devices) one.switch.settle()
  const changed = changedIn(fleet)
  const lines = ended.out.trimEnd().split('\n')
  // Of many switches a recap counts most; whoever wants all of them asks for them.
  const recap = await fleet.lab.eosflow('show @latest --verbose')
  return {
    code: ended.code,
    changed,
    said: {
      changed: rowsOf(recap, 'confirmed'),
      reverted: rowsOf(recap, 'put back'),
      unknown: rowsOf(recap, 'unknown'),
    },
    summary: lines.find((line) => line.startsWith('Execution '))?.replace(/^Execution \S+: /, ''),
    text: ended.out + ended.err,
    history: (await fleet.lab.eosflow('history @latest')).out,
  }
}

describe('sixty switches in waves', { timeout: 120_000 }, () => {
  test('[G101] no wave has both of a pair, by LLDP on the peer link alone', { tags: 'long' }, async () => {
    const { waves, together } = (await startFleet("waves: ['20%']").plan()).content
    expect(waves.slice(0, 3)).toEqual([FIRST, SECOND, THIRD])
    expect(waves.flat().toSorted()).toEqual(ALL.toSorted())
    expect(waves.every((wave) => wave.length <= 12)).toBe(true)
    expect(
      waves.flatMap((wave) => wave.filter((name) => LEAVES.includes(name) && wave.includes(peerOf(name)))),
    ).toEqual([])
    expect(together).toBeUndefined()
  })

  test('`keepApart: none` lets pairs share a wave: the plan names all of them, and its digest covers it', {
    tags: ['long', 'turn'],
  }, async () => {
    const plan = await startFleet("waves: ['100%'], keepApart: none").plan()
    expect(plan.content.waves).toEqual([ALL])
    expect(plan.content.together).toHaveLength(28)
    expect(plan.content.together?.[0]).toEqual(['leaf1', 'leaf2'])
    const warned = plan.content.warnings.filter(({ code }) => code === 'redundant-pair')
    expect(warned).toHaveLength(28)
    expect(warned[0]?.message).toBe(
      'wave 1 changes leaf1 and leaf2 together, which back each other up (they are MLAG peers)',
    )
  })

  /** Where one thing goes wrong: what is put back, and what stays. */
  const oneFails: readonly (readonly [string, () => Promise<void>])[] = [
    [
      '[F29] atomic: change, a verification fails in the third wave: all are back, exit 6',
      async () => {
        const end = await exits(6, endOf(startFleet("waves: ['20%'], atomic: change", losesHost('leaf29'))))
        expect(end.changed).toEqual([])
        expect(end.said).toEqual({
          changed: [],
          reverted: [...FIRST, ...SECOND, ...THIRD].toSorted(byPlace),
          unknown: [],
        })
        expect(end.summary).toBe('rolled back · 60 switches: 36 put back, 24 untouched')
        expect(end.text).toContain('leaf29: not good within 20 s: interfaces-up: Ethernet1')
      },
    ],
    [
      'atomic: wave: the earlier waves stay, exit 6, and the recap names them',
      async () => {
        const end = await endOf(startFleet("waves: ['20%'], atomic: wave", losesHost('leaf29')))
        const kept = [...FIRST, ...SECOND].toSorted(byPlace)
        expect(end.code, end.text.slice(-600)).toBe(6)
        expect(end.changed).toEqual(kept)
        expect(end.said).toEqual({ changed: kept, reverted: THIRD.toSorted(byPlace), unknown: [] })
        expect(end.text).toContain(
          '✔ 24 switches confirmed before keep the change: spine1 spine2 spine3 spine4 leaf1 and 19 more\n',
        )
        expect(end.summary).toBe(
          'rolled back, 24 confirmed before keep the change · 60 switches: 24 confirmed, 12 put back, 24 untouched',
        )
      },
    ],
    [
      'atomic: device: what was confirmed stays, in the same wave too',
      async () => {
        const end = await endOf(startFleet("waves: ['20%'], atomic: device", losesHost('leaf29')))
        const kept = without([...FIRST, ...SECOND, ...THIRD], ['leaf29']).toSorted(byPlace)
        expect(end.code, end.text.slice(-600)).toBe(6)
        expect(end.changed).toEqual(kept)
        expect(end.said).toEqual({ changed: kept, reverted: ['leaf29'], unknown: [] })
      },
    ],
    [
      'the tolerated failures are those of the whole rollout: one in each of two waves is one too many',
      async () => {
        const end = await exits(
          6,
          endOf(startFleet("waves: ['20%'], atomic: wave, maxFailures: 1", losesHost('leaf2', 'leaf29'))),
        )
        expect(end.changed).toEqual(without([...FIRST, ...SECOND], ['leaf2']).toSorted(byPlace))
        expect(end.said.reverted).toEqual([...THIRD, 'leaf2'].toSorted(byPlace))
      },
    ],
    [
      '[F29] a confirm that is refused half-way: the confirmed ones are restored from their checkpoints, exit 6',
      async () => {
        const fault: DeviceFault = { kind: 'refuse-commit', device: 'leaf30', message: 'Cannot commit session' }
        const end = await exits(
          6,
          endOf(startFleet("waves: ['20%'], atomic: change", strikes('leaf30', CONFIRM, fault))),
        )
        expect(end.changed).toEqual([])
        expect(end.said.reverted).toEqual(ALL)
        expect(end.history).toMatch(/spine1: restore done/)
      },
    ],
    [
      'a confirm that fails in one wave puts back that wave alone',
      async () => {
        const fault: DeviceFault = { kind: 'refuse-commit', device: 'leaf29', message: 'Cannot commit session' }
        const end = await exits(6, endOf(startFleet("waves: ['20%'], atomic: wave", strikes('leaf29', CONFIRM, fault))))
        expect(end.changed).toEqual([...FIRST, ...SECOND].toSorted(byPlace))
        expect(end.said.reverted).toEqual(THIRD.toSorted(byPlace))
      },
    ],
  ]

  test.each(everyNthOfLong(6, 'rollouts in which one thing fails', oneFails))('%s', { tags: 'long' }, (_, judge) =>
    judge(),
  )

  const tolerating: readonly (readonly [string, readonly string[]])[] = [
    ["waves: ['20%'], atomic: change, maxFailures: 1", ['leaf29']],
    ["waves: ['20%'], atomic: wave, maxFailures: 1", ['leaf29']],
    ["waves: ['20%'], atomic: device, maxFailures: '5%'", ['leaf29', 'leaf2', 'leaf50']],
  ]

  test.each(everyNthOfLong(3, 'rollouts that tolerate failures', tolerating))(
    '%s: so many may fail, exit 8',
    { tags: ['long', 'turn'] },
    async (rollout, bad) => {
      const end = await exits(8, endOf(startFleet(rollout, losesHost(...bad))))
      expect(end.changed).toEqual(without(ALL, bad))
      expect(end.said.reverted).toEqual(bad.toSorted(byPlace))
      expect(end.summary).toContain('succeeded with failures that the workflow tolerates')
    },
  )

  test('[G102] a canary goes before all others, and its failure is not tolerated', { tags: 'long' }, async () => {
    const rollout = "waves: ['20%'], atomic: wave, maxFailures: 3, canary: { switches: leaf29, soak: 40s }"
    const end = await exits(6, endOf(startFleet(rollout, losesHost('leaf29'))))
    expect(end.changed).toEqual([])
    expect(end.said.reverted).toEqual(['leaf29'])
    expect(end.summary).toBe('rolled back · 60 switches: 1 put back, 59 untouched')
    expect(end.text).toContain('7 waves, verify holds 4s, 40s on 1 canary\nWaves: leaf29 +2 -0 → spine1,')
    expect(end.text).toContain('Up to 3 switches of 60 may fail: each is put back, the others go on')
  })

  test('a canary is watched for as long as the workflow says before the rest begins', {
    tags: ['long', 'turn'],
  }, async () => {
    const armed = new Map<string, number>()
    const fleet = startFleet("waves: ['100%'], atomic: device, canary: { switches: 1, soak: 2m }", {
      before: (lab, name, commands) => {
        if (commands.some((command) => TIMED.test(command))) armed.set(name, lab.clock.now() / 1000)
      },
    })
    await exits(0, endOf(fleet))
    const first = armed.get('spine1') ?? Number.NaN
    const rest = [...armed].filter(([name]) => name !== 'spine1').map(([, at]) => at - first)
    expect(rest).toHaveLength(59)
    expect(Math.min(...rest)).toBeGreaterThanOrEqual(120)
    expect(Math.min(...rest)).toBeLessThan(130)
  })

  test('a switch that is gone half-way through the confirm, and stays away: the others are restored, exit 7', {
    tags: ['long', 'turn'],
  }, async () => {
    const fault: DeviceFault = { kind: 'unreachable', device: 'leaf30' }
    const end = await exits(7, endOf(startFleet("waves: ['20%'], atomic: change", strikes('leaf30', CONFIRM, fault))))
    // Nobody could read it, and its timer has put it back all the same.
    expect(end.changed).toEqual([])
    expect(end.said).toEqual({ changed: [], reverted: without(ALL, ['leaf30']), unknown: ['leaf30'] })
    expect(end.text).toMatch(/Log in to leaf30 and compare/)
  })
})
