import { describe, expect, test } from 'vitest'
import type { PlanDefinition } from '../../../src/change/plan/definition.ts'
import { requireIntact } from '../../../src/change/plan/make-plan.ts'
import { offlineEvidence } from '../../../src/change/plan/offline.ts'
import { parsePlan } from '../../../src/change/plan/plan.ts'
import { settledDevice } from '../../../src/change/plan/settled.ts'
import type { DeviceEvidence } from '../../../src/change/task/act/context.ts'
import { DEFINITION, EVIDENCE, evidenceOf, merge, planOf, VLAN_120 } from './material.ts'

const THREE = [1, 2, 3].map((n) => evidenceOf(n, merge(...VLAN_120)))
const rollout = (more: Partial<PlanDefinition['rollout']>): Partial<PlanDefinition> => ({
  rollout: { ...DEFINITION.rollout, ...more },
})

/** A definition whose times are derived: three minutes of BGP hold time in every configuration of the material. */
const derived = (within: boolean, confirmWithin = 1200, verifyWithin = 180): Partial<PlanDefinition> => {
  const timers = { ...DEFINITION.timers, confirmWithin, verifyWithin }
  return {
    timers: { ...timers, derived: { within, stableFor: true } },
    terms: { ...DEFINITION.terms, timers: { ...DEFINITION.terms.timers, confirmWithin, verifyWithin } },
  }
}

/** The same with times that are given. */
const derivedNot = (confirmWithin: number): Partial<PlanDefinition> => ({
  ...derived(false, confirmWithin),
  timers: { ...DEFINITION.timers, confirmWithin },
})

describe('canaries', () => {
  test.each([
    [
      'the first that changes',
      { switches: 1, soak: 600 },
      { switches: ['leaf1'], soak: 600 },
      [['leaf1'], ['leaf2'], ['leaf3']],
    ],
    [
      'those that are named',
      { switches: ['leaf3'], soak: 60 },
      { switches: ['leaf3'], soak: 60 },
      [['leaf3'], ['leaf1'], ['leaf2']],
    ],
    [
      'never shorter than the others',
      { switches: ['leaf3'], soak: 5 },
      { switches: ['leaf3'], soak: 30 },
      [['leaf3'], ['leaf1'], ['leaf2']],
    ],
    [
      'as long as the others unless more is said',
      { switches: 1 },
      { switches: ['leaf1'], soak: 30 },
      [['leaf1'], ['leaf2'], ['leaf3']],
    ],
  ])('%s', (_, canary, expected, waves) => {
    const given = canary === undefined ? {} : { canary }
    const { content } = planOf(
      {
        ...rollout({ ...given, atomic: 'wave' }),
        terms: { ...DEFINITION.terms, atomic: 'device', timers: { ...DEFINITION.terms.timers, confirmWithin: 6000 } },
      },
      THREE,
    )
    expect(content.canary).toEqual(expected)
    expect(content.waves).toEqual(waves)
  })

  test('are those that change', () => {
    expect(planOf(rollout({ canary: { switches: 2 } })).content.canary?.switches).toEqual(['leaf1', 'leaf2'])
    expect(planOf(rollout({ canary: { switches: ['leaf3', 'leaf2'] } })).content.canary?.switches).toEqual(['leaf2'])
    expect(planOf(rollout({ canary: { switches: ['leaf3'] } })).content.canary).toBeUndefined()
  })

  test('must stay good for longer, and get as much longer for it', () => {
    const plan = planOf(rollout({ canary: { switches: ['leaf2'], soak: 90 } }))
    const verifyOf = (name: string) => settledDevice(plan, name, DEFINITION.key).verify
    expect(verifyOf('leaf2')).toEqual({ within: 240, stableFor: 90 })
    expect(verifyOf('leaf1')).toEqual({ within: 180, stableFor: 30 })
  })

  test('count for the commit timers', () => {
    const long = rollout({ canary: { switches: ['leaf2'], soak: 240 } })
    expect(() => planOf(long)).toThrow(
      'the commit timer of 10m cannot hold: 9m30s of verification in 2 waves + 3s to push and confirm 2 switches + 30s in reserve is 10m3s',
    )
  })
})

describe('a soak that is not given', () => {
  test('is a round longer than the slowest timer, and the network has as much longer', () => {
    const { content, evidence } = planOf(derived(true))
    expect(content.timers).toEqual({ confirmWithin: 1200, verifyWithin: 335, stableFor: 185, every: 5 })
    expect(evidence.soak).toEqual({ seconds: 180, device: 'leaf1', protocol: 'BGP hold time' })
  })

  test('is not asked for where it is given', () => {
    expect(planOf().evidence.soak).toBeUndefined()
    expect(planOf().content.timers.stableFor).toBe(30)
  })

  test('is that of the switches that change', () => {
    const quiet = [evidenceOf(3, merge('vlan 110', '   name PROD-WEB'))]
    expect(planOf(derived(true), quiet).content.timers).toMatchObject({ verifyWithin: 180, stableFor: 30 })
  })

  test('refuses the plan where the time that is given does not hold it', () => {
    expect(() => planOf(derived(false))).toThrow(
      'the checks could never be good for 3m5s within 3m; stable for 3m5s, since the BGP hold time of leaf1 is 3m',
    )
    expect(planOf(derived(false, 1200, 186)).content.timers).toMatchObject({ verifyWithin: 186, stableFor: 185 })
  })

  test('refuses the plan where the commit timers do not hold it, unless each is confirmed by itself', () => {
    const short = derived(true, 600)
    expect(() => planOf(short)).toThrow(
      'the commit timer of 10m cannot hold: 11m10s of verification in 2 waves + 3s to push and confirm 2 switches + 30s in reserve is 11m43s; stable for 3m5s, since the BGP hold time of leaf1 is 3m',
    )
    const terms = { ...(short.terms ?? DEFINITION.terms), atomic: 'device' } as const
    expect(planOf({ ...short, ...rollout({ atomic: 'device' }), terms }).content.timers.stableFor).toBe(185)
  })

  test('refuses the plan where the switches are slower than anybody knew before, and names what would hold', () => {
    const slow = (roundTrip: number) => EVIDENCE.map((one) => ({ ...one, roundTrip }))
    // Two waves of one switch: 2 x (4 x 20 s + 30 ms), confirms 2 x 20 s + 40 ms.
    const message =
      'the commit timer of 9m cannot hold: 6m of verification in 2 waves + 3m21s to push and confirm 2 switches + 30s in reserve is 9m51s'
    const hint = 'Set `confirmWithin` above 9m51s, or `atomic: wave`, or a shorter `within`.'
    expect(() => planOf(derivedNot(540), slow(20_000))).toThrow(
      expect.objectContaining({ kind: 'guard', message, hint }),
    )
    expect(planOf(derivedNot(592), slow(20_000)).content.waves).toEqual([['leaf1'], ['leaf2']])
    expect(planOf(derivedNot(540), slow(200)).evidence.roundTrips).toEqual({ leaf1: 200, leaf2: 200, leaf3: 200 })
  })

  test('a plan that changes nothing needs no timer', () => {
    const quiet = [evidenceOf(3, merge('vlan 110', '   name PROD-WEB'))]
    expect(planOf(derived(false, 1), quiet).content.waves).toEqual([])
  })
})

describe('the plan file', () => {
  const read = (text: string) => parsePlan(text, 'p.plan')

  test('of before there were canaries and shares is read as it was, with the digest that it had', () => {
    const plan = planOf()
    expect(Object.keys(plan.content)).not.toContain('canary')
    expect(Object.keys(plan.content)).not.toContain('together')
    const found = read(JSON.stringify(plan))
    expect(found.ok && requireIntact(found.value).digest).toBe(plan.digest)
  })

  test('with everything in it is read back as it is', () => {
    const redundant = { leaf1: 'pair1', leaf2: 'pair1' }
    const plan = planOf(
      {
        ...derived(true, 6000),
        ...rollout({
          redundant,
          together: true,
          waves: ['100%'],
          atomic: 'wave',
          maxFailures: '34%',
          canary: { switches: ['leaf3'] },
        }),
      },
      THREE,
    )
    expect(plan.content.together).toEqual([['leaf1', 'leaf2']])
    const found = read(JSON.stringify(plan))
    expect(found.ok && found.value).toEqual(plan)
  })

  test.each([
    ['a unit that is none', /"atomic":"change"/, '"atomic":"rack"'],
    ['failures of all', /"maxFailures":0/, '"maxFailures":"100%"'],
    ['a canary without its soak', /"atomic":"change"/, '"canary":{"switches":[]},"atomic":"change"'],
    ['a member that nobody knows', /"atomic":"change"/, '"order":[],"atomic":"change"'],
  ])('with %s is refused', (_, from, to) => {
    const text = JSON.stringify(planOf())
    expect(text).toMatch(from)
    expect(read(text.replace(from, to)).ok).toBe(false)
  })

  test('whose rollout was edited is stale', () => {
    const plan = planOf(rollout({ redundant: { leaf1: 'p', leaf2: 'p' }, together: true, waves: ['100%'] }), EVIDENCE)
    const { together: _, ...content } = plan.content
    expect(() => requireIntact({ ...plan, content })).toThrow('does not match its digest')
    expect(() => requireIntact({ ...plan, content: { ...plan.content, maxFailures: 1 } })).toThrow('digest')
  })
})

describe('switches whose MLAG is configured alike', () => {
  const mlag = (name: string, own: string, peer: string) => `hostname ${name}
!
interface Vlan4094
   ip address ${own}/31
!
mlag configuration
   domain-id LEAVES
   local-interface Vlan4094
   peer-address ${peer}
   peer-link Port-Channel1000
!
end
`
  const names = Array.from({ length: 22 }, (_, n) => `leaf${n + 1}`)
  const shows = (
    change: ReturnType<typeof merge>,
    has: (name: string) => string = () => '',
    state: (name: string) => DeviceEvidence['state'] = () => ({}),
  ): readonly DeviceEvidence[] =>
    names.map((name, index) => {
      const [mine = '', peer = ''] = index % 2 === 0 ? ['10.0.3.0', '10.0.3.1'] : ['10.0.3.1', '10.0.3.0']
      const { identity } = evidenceOf(index + 1, change)
      const running = mlag(name, mine, peer).replace('interface Vlan4094', `${has(name)}interface Vlan4094`)
      return offlineEvidence({ name, identity, running, startupDiff: '', state: state(name) }, change)
    })
  const evidence = shows(merge('vlan 120'))
  const definition = (more: Partial<PlanDefinition['rollout']> = {}): Partial<PlanDefinition> => ({
    targets: names.map((name) => ({ ...(DEFINITION.targets[0] as PlanDefinition['targets'][number]), name })),
    credentials: Object.fromEntries(names.map((name) => [name, 'lab'])),
    rollout: { ...DEFINITION.rollout, waves: ['100%'], ...more },
    timers: { ...DEFINITION.timers, confirmWithin: 1200 },
    terms: { ...DEFINITION.terms, timers: { ...DEFINITION.terms.timers, confirmWithin: 1200 } },
  })
  const [odd, even] = [0, 1].map((side) => names.filter((_, index) => index % 2 === side))
  const known =
    'which of leaf1 and 10 more backs up which of leaf2 and 10 more is not known (all have the MLAG domain LEAVES, 10.0.3.0 and 10.0.3.1), so'

  test('are changed one side behind the other, by a plan that names the sides and no pair', () => {
    const plan = planOf(definition(), evidence)
    expect(plan.content.waves).toEqual([odd, even])
    expect(plan.content.redundantSides).toEqual([[odd, even]])
    expect([plan.content.redundant, plan.content.pairs, plan.content.together]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    const [said] = plan.content.warnings.filter(({ code }) => code === 'redundant-pair')
    expect(said?.message).toBe(
      `${known} one side is changed behind the other: with what LLDP hears on each peer link in the snapshot it would be known`,
    )
    const { value } = parsePlan(JSON.stringify(plan), 'x.plan') as { value?: unknown }
    expect(value).toEqual(plan)
  })

  // A pair that is known besides is on opposite sides: it is not committed back to back, and goes into no wave together.
  test.each([
    ['by a tag', { redundant: { leaf1: 'pair1', leaf2: 'pair1' } }, evidence],
    [
      'by LLDP on the peer link of one',
      {},
      shows(
        merge('vlan 120'),
        () => '',
        (name) => (name === 'leaf1' ? { lldp: { 'Port-Channel1000': [{ device: 'leaf2', port: 'x' }] } } : {}),
      ),
    ],
  ] as const)('a pair that is known %s stays apart', (_, more, shown) => {
    const { content } = planOf(definition({ pairs: 'auto', ...more }), shown)
    expect(content.waves).toEqual([odd, even])
    expect(content.pairs).toEqual([
      { switches: ['leaf1', 'leaf2'], as: 'apart', because: 'leaf1 may back up another one' },
    ])
  })

  test('are a pair where only two of them change', () => {
    const shown = shows(merge('vlan 120'), (name) => (['leaf1', 'leaf2'].includes(name) ? '' : 'vlan 120\n!\n'))
    const { content } = planOf(definition({ pairs: 'auto' }), shown)
    expect([content.waves, content.redundant, content.redundantSides]).toEqual([
      [['leaf1', 'leaf2']],
      [['leaf1', 'leaf2']],
      undefined,
    ])
  })

  test('may each carry what another one gives up: all of the other side are asked', () => {
    const shown = shows(merge('interface Ethernet1', '   shutdown'), () => 'interface Ethernet1\n   no switchport\n!\n')
    const { content } = planOf({ ...definition(), beside: { pairs: {}, names: [] } }, shown)
    const sides = typeof content.otherSides === 'object' ? content.otherSides.sides : []
    expect(sides.map(({ switch: name }) => name)).toEqual(names)
    expect(sides[0]?.partners.map(({ name }) => name)).toEqual(even)
    expect(sides[0]?.partners[0]?.because).toBe(
      'they may be MLAG peers: all have the MLAG domain LEAVES, 10.0.3.0 and 10.0.3.1',
    )
  })

  test('may share a wave where the workflow says so, and the plan warns of it', () => {
    const plan = planOf(definition({ together: true }), evidence)
    expect(plan.content.waves).toEqual([names])
    expect(plan.content.together).toEqual([names])
    expect(plan.content.warnings.map(({ message }) => message)).toContain(
      `${known} they may share a wave: with what LLDP hears on each peer link in the snapshot it would be known`,
    )
  })
})
