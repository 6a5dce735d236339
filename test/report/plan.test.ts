import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { PlanDefinition } from '../../src/change/plan/definition.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import { planAs } from '../../src/report/plan/text.ts'
import { colored, plain } from '../../src/report/text/text.ts'
import { DEFINITION, EVIDENCE, evidenceOf, merge, planOf, replace, VLAN_120 } from '../change/plan/material.ts'
import { CANARIES, running } from '../e2e/two-leaves.ts'

/** Three leaves, two changes, a changed secret, and something to warn of. */
const rollout: PlanDefinition['rollout'] = {
  ...DEFINITION.rollout,
  waves: [2, '100%'],
  redundant: { leaf1: 'pair1', leaf2: 'pair1' },
  together: true,
}
const plan = planOf({ rollout }, [
  evidenceOf(1, merge(...VLAN_120)),
  evidenceOf(2, merge(...VLAN_120), { foreignSessions: ['cvp-1'] }),
  evidenceOf(
    3,
    replace(running('leaf3', 3).replace(CANARIES.snmp, 'N3wSnmpC0mmunity').replace('PROD-WEB', 'PROD-APP')),
  ),
])
const empty = planOf({}, [evidenceOf(1, merge('vlan 110', '   name PROD-WEB'))])
const offline = planOf({ offline: true, approve: null }, EVIDENCE)

describe('a plan on paper', () => {
  test('as text', async () => {
    await expect(`${planAs.text(plan, plain)}\n`).toMatchFileSnapshot('../golden/plan.txt')
  })
  test('as text, without a change', async () => {
    await expect(`${planAs.text(empty, plain)}\n`).toMatchFileSnapshot('../golden/plan-empty.txt')
  })
  test('as text, made offline and without approval', async () => {
    await expect(`${planAs.text(offline, plain)}\n`).toMatchFileSnapshot('../golden/plan-offline.txt')
  })
  test('as Markdown', async () => {
    await expect(planAs.markdown(plan)).toMatchFileSnapshot('../golden/plan.md')
  })
  test('as JSON', async () => {
    await expect(`${JSON.stringify(JSON.parse(planAs.json(plan)), null, 2)}\n`).toMatchFileSnapshot(
      '../golden/plan-json.txt',
    )
  })

  test('as text and Markdown, with all that a rollout can be', async () => {
    const given = DEFINITION.timers
    const fleet = planOf(
      {
        rollout: { ...rollout, atomic: 'wave', maxFailures: '34%', canary: { switches: ['leaf3'], soak: 600 } },
        timers: { ...given, confirmWithin: 3600, derived: { within: true, stableFor: true } },
        terms: { ...DEFINITION.terms, atomic: 'wave', timers: { ...DEFINITION.terms.timers, confirmWithin: 3600 } },
      },
      [1, 2, 3].map((n) => evidenceOf(n, merge(...VLAN_120))),
    )
    await expect(`${planAs.text(fleet, plain, { details: true })}\n\n${planAs.markdown(fleet)}`).toMatchFileSnapshot(
      '../golden/plan-fleet.txt',
    )
    const none = planOf({ rollout: { ...rollout, atomic: 'device', maxFailures: '5%' } })
    expect(planAs.text(none, plain)).toContain('No switch may fail: 5% of 2 is less than one')
    expect(planAs.text(none, plain)).toContain('Each switch is confirmed by itself: it stays when another one fails')
  })

  test('in colours says the same', () => {
    const painted = planAs.text(plan, colored)
    const stripped = stripVTControlCharacters(painted)
    expect(painted).not.toBe(stripped)
    expect(stripped).toBe(planAs.text(plan, plain))
  })

  test('counts what it shows in its last lines, with the digest once', () => {
    const text = planAs.text(plan, plain)
    expect(text).toMatch(/\nPlan: 3 switches to change, 0 unchanged · \+8 -4 lines\nDigest: sha256:[0-9a-f]{64}$/)
    expect(text.match(/[0-9a-f]{64}/g)).toHaveLength(1)
    const short = planAs.text(plan, plain, { digest: 'short' })
    expect(short).toMatch(/\nPlan: 3 switches to change, 0 unchanged · \+8 -4 lines · [0-9a-f]{8}$/)
    expect(short).not.toMatch(/[0-9a-f]{64}/)
  })
})

/** A plan whose switch-made texts carry what a terminal or a pull request would act on. */
const hostile = (text: string): Plan => ({
  ...plan,
  content: {
    ...plan.content,
    warnings: [{ code: 'unknown-line', device: 'leaf1', message: text }],
    workflow: { ...plan.content.workflow, params: { label: text } },
    devices: plan.content.devices.map((device) => ({
      ...device,
      lines: [`   description ${text}`],
      diff: [{ sign: '+', text: `   description ${text}` }],
    })),
  },
})

describe('a plan of hostile texts', () => {
  test.each([
    ['an escape sequence', '\u001b[2J\u001b[1;31mall good', '\\u{1b}[2J\\u{1b}[1;31mall good'],
    ['a carriage return that overwrites the line', 'evil\rgood', 'evil\\u{d}good'],
    ['a right-to-left override', 'abc\u202Edef', 'abc\\u{202e}def'],
    ['a zero-width space', 'ad\u200bmin', 'ad\\u{200b}min'],
    ['a C1 control sequence', '\u009b2J', '\\u{9b}2J'],
    ['a line break', 'vlan 1\n+ no shutdown', 'vlan 1\\u{a}+ no shutdown'],
    ['a backspace', 'no\b\bshutdown', 'no\\u{8}\\u{8}shutdown'],
  ])('%s is shown, not obeyed', (_name, text, shown) => {
    for (const printed of [planAs.text(hostile(text), plain), planAs.markdown(hostile(text))]) {
      expect(printed).not.toContain(text)
      expect(printed).toContain(`+    description ${shown}`)
      expect(printed).toContain(`leaf1`)
    }
    expect(planAs.text(hostile(text), plain)).toContain(`! leaf1: ${shown}`)
    expect(planAs.text(hostile(text), plain)).toContain(`label=${shown}`)
  })

  test('in the names of a plan file that somebody else made', () => {
    const name = 'leaf1\u001b[8m\nspine1'
    const { content, evidence } = hostile('x')
    const [first, ...rest] = content.devices
    const devices = first === undefined ? [] : [{ ...first, name }, ...rest]
    const other: Plan = {
      ...plan,
      content: {
        ...content,
        requesters: content.requesters.map((one) => ({ ...one, id: name })),
        warnings: [],
        devices,
        waves: [[name]],
        workflow: { ...content.workflow, name, params: { [name]: 1 } },
      },
      evidence,
    }
    for (const [printed, shown] of [
      [planAs.text(other, plain), 'leaf1\\u{1b}[8m\\u{a}spine1'],
      [planAs.markdown(other), 'leaf1&#92;u{1b}&#91;8m&#92;u{a}spine1'],
    ] as const) {
      expect(printed).not.toContain('\u001b')
      expect(printed).not.toMatch(/^spine1/m)
      expect(printed).toContain(shown)
    }
  })

  test('a fence does not end the block of a pull request', () => {
    const printed = planAs.markdown(hostile('```\n</details><script>alert(1)</script>'))
    expect(printed.split('```')).toHaveLength(3)
    expect(printed).toContain("+    description '''\\u{a}</details><script>alert(1)</script>\n```")
    expect(printed).toContain('- ⚠ leaf1: &#96;&#96;&#96;&#92;u{a}&#60;/details&#62;&#60;script&#62;alert(1)')
    expect(printed).not.toContain('\n</details><script>')
    expect(printed.replace(/```diff[\s\S]*?```/g, '')).not.toContain('<script>')
  })
})
