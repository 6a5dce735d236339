import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Files } from '../../../src/text/source/files.ts'
import { linesOf } from '../../table.ts'

const LINES = linesOf(`
  vlan 140
     name PROD
  interface Ethernet1
  interfase Ethernet2
     mtu 9000
     frobnicate 7
  frobnicate 7
  boot system flash:/a.swi
  username ann secret 0 clear
  reload
  terminal length 0
  end
`)
const ALLOW = [[], ['unknown-lines'], ['boot'], ['management', 'unknown-lines']] as const
const KNOWN = [undefined, 'frobnicate <int>\n', 'interface ...\n   frobnicate <1-9>\n'] as const

const question = fc.record({
  mode: fc.constantFrom('merge' as const, 'replace' as const),
  lines: fc.array(fc.constantFrom(...LINES), { maxLength: 4 }),
  file: fc.constantFrom('a.j2 (rendered for leaf1)', 'a.j2 (rendered for leaf2)'),
  allow: fc.constantFrom(...ALLOW),
  known: fc.constantFrom(...KNOWN),
})
type Question = typeof question extends fc.Arbitrary<infer One> ? One : never

/** What a process answers that is asked these, in this order. */
async function answered(questions: readonly Question[]) {
  vi.resetModules()
  const [{ renderedChange }, { vouchedForms }] = await Promise.all([
    import('../../../src/change/plan/rendered.ts'),
    import('../../../src/change/plan/taken-forms.ts'),
  ])
  return questions.map(({ known, allow, ...given }) => {
    const files: Files = (path) => (path === 'syntax/known.txt' ? known : undefined)
    const forms = vouchedForms(files)
    return JSON.stringify(forms.ok ? renderedChange(given, allow, forms.value.forms) : forms)
  })
}

test('what is said of lines does not depend on what was asked before: seed 2127', async () => {
  const asked = fc.sample(question, { seed: 2127, numRuns: 500 })
  const one = await answered([...asked, ...asked])
  const other = (await answered(asked.toReversed())).toReversed()
  expect(one.slice(0, 500)).toEqual(other)
  expect(one.slice(500)).toEqual(other)
  const good = one.filter((answer) => answer.startsWith('{"ok":true')).length
  // So many are asked, of which so many are judged by what is remembered at the second time.
  expect([one.length, good > 160, new Set(one).size > 130]).toEqual([1000, true, true])
})
