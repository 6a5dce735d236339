import { describe, expect, test } from 'vitest'
import { planAs } from '../../../src/report/plan/text.ts'
import { plain } from '../../../src/report/text/text.ts'
import { CANARIES, running } from '../../e2e/two-leaves.ts'
import { evidenceOf, planOf, replace } from './material.ts'

const NEW = {
  user: '$6$N3wUs3rSaltN3wU$N3wUs3rHashN3wUs3rHashN3wUs3rHashN3wUs3rHashN3wUs3rHashN3wUs3rHashN3wUs3rHashN3wUs',
  bgp: 'TmV3QmdwUGFzc3dvcmQ=',
  snmp: 'N3wSnmpC0mmunity',
} as const

/** Every secret of the base is another one. */
const change = (n: number) =>
  replace(
    running(`leaf${n}`, n)
      .replace(CANARIES.user, NEW.user)
      .replace(CANARIES.bgp, NEW.bgp)
      .replace(CANARIES.snmp, NEW.snmp),
  )
const plan = planOf({}, [evidenceOf(1, change(1)), evidenceOf(2, change(2))])

const FORMS = {
  'the plan file': JSON.stringify(plan, null, 2),
  '--json': planAs.json(plan),
  Markdown: planAs.markdown(plan),
  text: planAs.text(plan, plain, { details: true }),
}

describe('a plan that changes secrets', () => {
  test.each(Object.entries(FORMS))('%s holds none', (_name, printed) => {
    for (const secret of [...Object.values(CANARIES), ...Object.values(NEW)]) {
      expect(printed).not.toContain(secret)
      expect(printed).not.toContain(Buffer.from(secret).toString('base64'))
    }
    expect(printed).toMatch(/<redacted:[0-9a-f]{8}>/)
  })

  test('still shows which of them change, and from one to another', () => {
    const shown = plan.content.devices[0]?.diff.map(({ sign, text }) => `${sign}${text}`) ?? []
    const hidden = [
      'username operator privilege 15 role network-admin secret sha512 %',
      'snmp-server community % ro',
      '   neighbor 10.1.1.0 password 7 %',
    ]
    for (const line of hidden) {
      const [head = '', tail = ''] = line.split('%')
      const both = ['-', '+'].map((sign) => shown.find((row) => row.startsWith(`${sign}${head}<redacted:`)))
      for (const row of both) expect(row?.slice(1 + head.length)).toMatch(/^<redacted:[0-9a-f]{8}>/)
      for (const row of both) expect(row?.endsWith(`>${tail}`)).toBe(true)
      expect(both[0]?.slice(1)).not.toBe(both[1]?.slice(1))
    }
  })

  test('shows equal secrets alike within the plan, and not in another', () => {
    const added = ({ content }: typeof plan) =>
      content.devices.map(({ diff }) => diff.find(({ sign, text }) => sign === '+' && text.startsWith('snmp'))?.text)
    const [first, second] = added(plan)
    expect(first).toBe(second)
    const elsewhere = planOf({ workflow: { ...plan.content.workflow, digest: `sha256:${'22'.repeat(32)}` } }, [
      evidenceOf(1, change(1)),
      evidenceOf(2, change(2)),
    ])
    expect(added(elsewhere)[0]).not.toBe(first)
  })
})
