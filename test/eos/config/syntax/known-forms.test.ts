import { expect, test } from 'vitest'
import { syntaxFindings } from '../../../../src/eos/config/guard/typed-blocks.ts'
import { isOfKnownForm, readKnownForms } from '../../../../src/eos/config/syntax/known-forms.ts'
import { lists } from '../../../table.ts'

const TEXT = `! what our release has
ntp serer <ip>
# numbers
hardware frobnicate <1-8> <interface>
interface <interface>
   flux level <int|word>
   flux note ...
router bgp <int>
   vrf <word>
      flux on
`

const read = (text: string) => readKnownForms(text, 'syntax/known.txt')

function forms(text: string) {
  const known = read(text)
  if (!known.ok) throw new RangeError(known.problems[0].message)
  return known.value
}

test.each(lists`
  ntp serer 10.0.0.1              |  | true
  no ntp serer 10.0.0.1           |  | true
  ntp serer ten                   |  | false
  ntp serer 10.0.0.1 10.0.0.2     |  | false
  ntp serer                       |  | false
  hardware frobnicate 8 Ethernet1 |  | true
  hardware frobnicate 9 Ethernet1 |  | false
  flux level 5                    | interface Ethernet1 | true
  flux note any words at all      | interface Ethernet1 | true
  flux note                       | interface Ethernet1 | false
  flux level 5                    |  | false
  flux on                         | router bgp 65001; vrf BLUE | true
  flux on                         | router bgp 65001 | false
`)('%s, in %j: %s', (line, above, [known]) => {
  expect(String(isOfKnownForm(forms(TEXT), above, line))).toBe(known)
})

test('a line of a known form is asked of no table', () => {
  const lines = ['ntp serer 10.0.0.1', 'interface Ethernet1', '   flux note descripton', '   descripton uplink']
  const found = (known: string) => syntaxFindings(lines, 'merge', forms(known)).map(({ index }) => index)
  expect([found(''), found(TEXT)]).toEqual([[0, 2, 3], [3]])
})

test('every bad form is a problem at its word', () => {
  const bad = read('ntp serer <ipp>\n<int> begins\ninterface <interface>\n   flux ... on\n   no flux <1-\n')
  expect(bad.ok ? [] : bad.problems.map(({ code, message, at }) => [code, message, at.line, at.column])).toEqual([
    ['bad-form', '`<ipp>` is no value', 1, 11],
    ['bad-form', 'a form begins with a keyword', 2, 1],
    ['bad-form', '`...` can only end a form', 4, 9],
    ['bad-form', '`<1-` is no value', 5, 12],
  ])
  expect(bad.ok ? '' : bad.problems[0].hint).toBe(
    'A value is a range, or one of int, ip, prefix, mac, pair, ip6, prefix6, list, number, interface, word: `mtu <68-65535>`, `neighbor <ip|ip6> ...`.',
  )
})
