import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Plan, PlanContent, PlanNote } from '../../src/change/plan/plan.ts'
import { isRisk, planStatements, STATEMENTS } from '../../src/report/plan/plan-statements.ts'
import { planAs } from '../../src/report/plan/text.ts'
import { plain } from '../../src/report/text/text.ts'
import { evidenceOf, merge, planOf, VLAN_120 } from '../change/plan/material.ts'
import { inProcess } from '../lab/lab.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A plan with more in its content and its notes. */
function planWith(content: Partial<PlanContent>, notes: readonly PlanNote[] = [], plan: Plan = planOf()) {
  return { ...plan, content: { ...plan.content, ...content }, evidence: { ...plan.evidence, notes } }
}

const wide = { width: 1000 }
/** What of a text comes before the diff. */
const beforeDiff = (text: string) => text.slice(0, text.indexOf('\n\nA ─ '))

describe('the list of what a plan can say', () => {
  test('has every code of a warning, as the source names them, and each says why', () => {
    const source = readFileSync(`${ROOT}/src/change/plan/announced-risk.ts`, 'utf8')
    const codes = [...source.matchAll(/\| '([\w-]+)'/g)].map(([, code = '']) => code)
    expect(codes).toHaveLength(30)
    expect(codes.filter((code) => !Object.hasOwn(STATEMENTS, code))).toEqual([])
    expect(Object.values(STATEMENTS).filter(({ why }) => why === '')).toEqual([])
  })

  test('calls these facts, and nothing else', () => {
    const facts = Object.entries(STATEMENTS).flatMap(([code, { is }]) => (is === 'fact' ? [code] : []))
    expect(facts.toSorted()).toEqual([
      'after',
      'approval',
      'around',
      'behind',
      'budget',
      'canary',
      'checkpoints',
      'first-time',
      'gate-allows',
      'judge',
      'kept',
      'pair',
      'probe',
      'rule-reading',
      'stable-for',
      'streams',
      'timers',
      'variables-read',
      'watched',
    ])
  })

  test.each(['what-a-later-eosflow-warns-of', '', 'toString', '__proto__'])(
    'takes %j, which it does not have, for a risk',
    (code) => {
      expect([isRisk(code, false), isRisk(code, true)]).toEqual([true, true])
    },
  )
})

describe('a risk is before the diff, without --details', () => {
  test.each(Object.keys(STATEMENTS).filter((code) => STATEMENTS[code as keyof typeof STATEMENTS].is === 'risk'))(
    '[3N7] a warning of code %s',
    (code) => {
      const warnings = [{ code: code as 'offline', device: 'leaf1', message: 'look at this' }]
      expect(beforeDiff(planAs.text(planWith({ warnings }), plain))).toContain('\n! leaf1: look at this')
    },
  )

  test('[3N7] a warning of a code that no eosflow knows', () => {
    const warnings = [{ code: 'of-tomorrow' as 'offline', message: 'look at this' }]
    expect(beforeDiff(planAs.text(planWith({ warnings }), plain))).toContain('\n! look at this')
  })

  test.each<[string, Partial<PlanContent>, string]>([
    ['waves that are confirmed by themselves', { atomic: 'wave' }, 'Each wave is confirmed by itself'],
    ['failures that do not stop it', { maxFailures: 1 }, 'Up to 1 switch of 2 may fail'],
    ['a partner that is not asked', { otherSides: 'off' }, 'the workflow says `fitness: off`'],
    [
      'lines that may take an uplink down',
      {
        otherSides: {
          uplinks: 80,
          sides: [{ switch: 'leaf1', partners: [{ name: 'leaf2', because: 'MLAG' }], lines: ['x'] }],
        },
      },
      'Before leaf1 is pushed, leaf2 (MLAG) must be fit',
    ],
    [
      'a pair in one wave that no warning names',
      { together: [['leaf1', 'leaf2']] },
      'In one wave although they back each other up',
    ],
  ])('%s', (_, content, words) => {
    const text = planAs.text(planWith(content), plain, wide)
    expect(beforeDiff(text)).toMatch(/\n! /)
    expect(beforeDiff(text)).toContain(words)
    expect(planAs.markdown(planWith(content)).split('```diff')[0]).toContain('- ⚠ ')
  })

  test('a pair in one wave is said once where a warning names both', () => {
    const message = 'wave 1 changes leaf1 and leaf2 together, which back each other up (MLAG)'
    const warned = planWith({ together: [['leaf1', 'leaf2']], warnings: [{ code: 'redundant-pair', message }] })
    expect(planStatements(warned).risks.map(({ words }) => words)).toEqual([message])
    const other = 'wave 1 changes leaf1 and leaf20 together, which back each other up (MLAG)'
    const notThat = planWith({ together: [['leaf1', 'leaf2']], warnings: [{ code: 'redundant-pair', message: other }] })
    expect(planStatements(notThat).risks).toHaveLength(2)
  })

  test('lines that were not saved are shown with their count, once', () => {
    const [device, ...others] = planOf().content.devices
    if (device === undefined) throw new Error('no switch')
    const unsaved = { count: 1, lines: [{ sign: '+' as const, text: 'vlan 7' }] }
    const warnings = [{ code: 'not-saved' as const, device: 'leaf1', message: 'running-config is not saved' }]
    const text = planAs.text(planWith({ devices: [{ ...device, unsaved }, ...others], warnings }), plain, wide)
    expect(beforeDiff(text)).toContain(
      '\n! Lines that somebody has not saved, and that the confirm saves too:\nleaf1: 1 line\n  + vlan 7',
    )
    expect(text).not.toContain('running-config is not saved')
    expect(planAs.text(planWith({ warnings }), plain, wide)).toContain('! leaf1: running-config is not saved')
  })

  const note = (devices: readonly string[], code: PlanNote['code'] = 'first-time') => [
    { code, devices, message: 'never confirmed here' },
  ]
  const others = { canary: { switches: ['leaf3'], soak: 30 } }

  test.each<[string, Partial<PlanContent>, readonly PlanNote[], boolean]>([
    ['an advisory', {}, note(['leaf1'], 'advisory'), true],
    ['kinds of which it is not known whether they were confirmed', {}, note([]), true],
    [
      'a kind for the first time on two switches at once',
      { waves: [['leaf1', 'leaf2']] },
      note(['leaf1', 'leaf2']),
      true,
    ],
    [
      'the same beside a canary that has not the kind',
      { waves: [['leaf3'], ['leaf1', 'leaf2']], ...others },
      note(['leaf1', 'leaf2']),
      true,
    ],
    ['one after the other', { waves: [['leaf1'], ['leaf2']] }, note(['leaf1', 'leaf2']), false],
    [
      'a canary first',
      { waves: [['leaf1', 'leaf2']], canary: { switches: ['leaf1'], soak: 30 } },
      note(['leaf1', 'leaf2']),
      false,
    ],
    ['on one switch', {}, note(['leaf1']), false],
  ])('%s', (_, content, notes, is) => {
    const text = planAs.text(planWith(content, notes), plain, wide)
    expect(text.includes('never confirmed here')).toBe(is)
    expect(planAs.text(planWith(content, notes), plain, { ...wide, details: true })).toContain('never confirmed here')
  })

  test('of each model and version one switch has to go first', () => {
    const [one, two] = planOf().content.devices
    if (one === undefined || two === undefined) throw new Error('no switch')
    const named = (name: string, eos: string) => ({ ...one, name, identity: { ...one.identity, eos } })
    const devices = [named('a', '4.31'), named('b', '4.32'), named('c', '4.32')]
    const notes = note(['a', 'b', 'c'])
    const risks = (waves: PlanContent['waves']) => planStatements(planWith({ devices, waves }, notes)).risks.length
    expect([risks([['a', 'b'], ['c']]), risks([['a'], ['b', 'c']])]).toEqual([0, 1])
  })

  test('lost traffic is none where only descriptions and names change', () => {
    const quiet = planOf(
      {},
      [1, 2].map((n) => evidenceOf(n, merge('interface Ethernet2', '   description X'))),
    )
    const warnings = [
      { code: 'redundant-pair' as const, message: 'both at once' },
      { code: 'not-saved' as const, message: 'unsaved' },
    ]
    const both = (plan: Plan) => planStatements(planWith({ warnings }, [], plan)).risks.map(({ words }) => words)
    expect(both(quiet)).toEqual(['unsaved'])
    expect(both(planOf())).toEqual(['both at once', 'unsaved'])
  })
})

describe('what is only true', () => {
  test('[3N7] is counted without --details, and shown whole with them', () => {
    const plan = planOf({}, [evidenceOf(1, merge(...VLAN_120))])
    const all = {
      ...plan,
      evidence: { ...plan.evidence, cloudVision: ['leaf1'], checkpoints: { leaf1: ['eosflow-1'] } },
    }
    expect(planAs.text(all, plain, wide)).toContain('\n\nNot shown: 4 facts (--details)\nPlan: 1 switch to change')
    expect(
      planAs
        .text(all, plain, { ...wide, details: true })
        .split('\n\n')
        .at(-2)
        ?.split('\n'),
    ).toEqual([
      'Commit timer 10m · verify within 3m, stable for 30s',
      `Approval bound to ${plan.digest.slice(7, 15)}, holds 4h`,
      'Deletes old checkpoints of ours, as they are now: leaf1: eosflow-1',
      '1 switch streams to CloudVision: leaf1; where it manages its configuration, it is out of compliance there after the change until it is reconciled',
    ])
    expect(planAs.text(all, plain, { details: true })).not.toContain('--details')
  })
})

describe('the first lines say how long it takes, and why', () => {
  const first = (plan: Plan) => planAs.text(plan, plain, wide).split('\n').slice(2, 4)

  test('[3C6] of a change of descriptions', () => {
    const derived = { within: true, stableFor: true }
    const quiet = planOf({ timers: { confirmWithin: 600, verifyWithin: 180, stableFor: 30, every: 5, derived } }, [
      evidenceOf(1, merge('interface Ethernet2', '   description X')),
    ])
    expect(first(quiet)).toEqual([
      'Takes about 15s: 1 wave, verify holds 10s, because only descriptions change',
      'Waves: leaf1 +1 -1',
    ])
  })

  test('of one whose time a protocol decides, with its waits', () => {
    const derived = { within: true, stableFor: true }
    const timers = { confirmWithin: 3600, verifyWithin: 180, stableFor: 30, every: 5 }
    const terms = {
      atomic: 'change',
      concurrency: 10,
      timers: { ...timers, perRound: 180, perWave: 0, soak: 120 },
    } as const
    expect(first(planOf({ timers: { ...timers, derived }, terms }))).toEqual([
      'Takes about 8m 20s: 2 waves of 3m 6s, verify holds 3m 5s, 2m of waiting, because the BGP hold time of leaf1 is 3m',
      'Waves: leaf1 +3 -1 → leaf2 +3 -1',
    ])
  })

  test('of one with states of its own only for how long it is watched', () => {
    const plan = planOf()
    const { expected: _, ...evidence } = plan.evidence
    expect(first({ ...plan, evidence })[0]).toBe('2 waves, verify holds 30s')
  })
})

test('[3N7] the diff of the bundled add-vlan begins by line 12 at 80 columns, also made offline, which has two risks more', async () => {
  const params = ['vlan=140', 'label=PROD-CACHE', 'trunks=[Port-Channel1]'].flatMap((one) => ['-p', one])
  const argv = ['plan', 'workflows/add-vlan.yaml', ...params, '--offline', 'fixtures/dc1', '--json']
  const { stdout } = await inProcess(argv, ROOT)
  const { plan } = JSON.parse(stdout) as { plan: Plan }
  const beginsIn = (one: Plan) => planAs.text(one, plain).split('\n').indexOf('  + vlan 140') + 1
  expect(plan.content.warnings.map(({ code }) => code)).toEqual(['offline', 'no-state'])
  expect(beginsIn(plan)).toBe(11)
  expect(beginsIn({ ...plan, content: { ...plan.content, warnings: [] } })).toBe(7)
  expect(
    planAs
      .text(plan, plain)
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([])
})
