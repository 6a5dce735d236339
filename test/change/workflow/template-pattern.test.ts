import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/change/workflow/template/library.ts'
import { table } from '../../table.ts'

function shown(expression: string, variables: Record<string, unknown>) {
  const rendered = renderTemplate(`{{ ${expression} }}`, variables)
  return rendered.ok ? rendered.text : `refused: ${rendered.problems[0]?.message}`
}

// Recorded from `re.findall` and `re.sub` of Python 3.11, the replacement being `<\g<0>>`.
describe('patterns of templates', () => {
  test.each([
    ...table`
    |a           a           ['', 'a', '']                <><a><>
    x*           abxd        ['', '', 'x', '', '']        <>a<>b<x><>d<>
    (?:|a)*      aa          ['', 'a', '', 'a', '']       <><a><><a><>
    (?:a|b)*?c   abc ac      ['abc', 'ac']                <abc> <ac>
    (a+)+b       aab b       ['aa']                       <aab> b
    (\w+)-(\d+)  Et-1 Po-22  [('Et', '1'), ('Po', '22')]  <Et-1> <Po-22>
    a(?=b)       abac        ['a']                        <a>bac
    (?<!b)a      aba         ['a']                        <a>ba
    a{2,3}?      aaaaa       ['aa', 'aa']                 <aa><aa>a
    [^a-c]+      abcdeab     ['de']                       abc<de>ab
    (?i)ET\d+    et1 ET22    ['et1', 'ET22']              <et1> <ET22>
    \bno\b       no not no   ['no', 'no']                 <no> not <no>
    (?=(a))a     aa          ['a', 'a']                   <a><a>
    a|ab         ab          ['a']                        <a>b
    (?:a?){3}b   aab         ['aab']                      <aab>
    ^|b          ab          ['', 'b']                    <>a<b>
  `,
    ['(?m)^ *no .*$', 'no x\n  no y', "['no x', '  no y']", '<no x>\n<  no y>'],
    ['ä.', 'aä😀b', "['ä😀']", 'a<ä😀>b'],
    ['.', '😀b', "['😀', 'b']", '<😀><b>'],
    ['$', 'a\n', "['', '']", 'a<>\n<>'],
  ])('%s finds in %j what Python finds', (pattern, text, found, replaced) => {
    expect(shown('text|regex_findall(pattern)', { text, pattern })).toBe(found)
    expect(shown("text|regex_replace(pattern, '<\\\\g<0>>')", { text, pattern })).toBe(replaced)
  })

  test.each([
    ['a\\b+', 'refused: `regex_findall`: there is nothing that a sign of the regular expression can repeat'],
    ['(?<=a+)b', 'refused: `regex_findall`: a look-behind of no fixed width is not matched here'],
    [
      '(a)\\1',
      'refused: `regex_findall`: a reference or a number behind a backslash in a regular expression is not matched here',
    ],
    ['(?:a{1000}){1000}', 'refused: `regex_findall`: the regular expression is too long with its repetitions'],
  ])('%s is refused by name', (pattern, expected) => {
    expect(shown('text|regex_findall(pattern)', { text: 'ab', pattern })).toBe(expected)
  })
})

describe('what Ansible has and is not rendered', () => {
  test.each([
    ["'10.0.0.1' is ansible.utils.private", 'test `ansible.utils.private`'],
    ["'10.0.0.1' is ansible.utils.public", 'test `ansible.utils.public`'],
    ["'10.0.0.1' is ansible.utils.reserved", 'test `ansible.utils.reserved`'],
    ["'10.0.0.1' is ansible.utils.resolvable", 'test `ansible.utils.resolvable`'],
    ["'/etc' is directory", 'test `directory`'],
    ['a is changed', 'test `changed`'],
    ["'a: 1'|from_yaml_all", 'filter `from_yaml_all`'],
    ["lookup('file', '/etc/motd')", '`lookup`'],
    ["lookup('template', 'a.j2')", '`lookup`'],
    ['[1, 2]|random', 'filter `random`'],
    ['[1, 2]|ansible.builtin.shuffle', 'filter `ansible.builtin.shuffle`'],
    ["'a'|password_hash", 'filter `password_hash`'],
    ["'a'|arista.avd.hide_passwords", 'filter `arista.avd.hide_passwords`'],
    ["'a'|arista.avd.encrypt", 'filter `arista.avd.encrypt`'],
    ["'a'|ansible.utils.to_xml", 'filter `ansible.utils.to_xml`'],
    ["lookup('env', 'HOME')", '`lookup`'],
    ["query('env', 'HOME')", '`query`'],
    ['now()', '`now`'],
  ])('%s is refused by name, also where it is not used', (expression, name) => {
    expect(shown(expression, { a: 1 })).toBe(
      `refused: ${name.startsWith('`') ? '' : 'the '}${name} is not rendered here${REASON[name] ?? ''}`,
    )
    const unused = renderTemplate(`{% if false %}{{ ${expression} }}{% endif %}`, { a: 1 })
    expect(unused.ok).toBe(name.startsWith('`'))
  })

  test('says why', () => {
    const rendered = renderTemplate("{{ '10.0.0.1' is ansible.utils.private }}", {})
    expect(!rendered.ok && rendered.problems[0]?.hint).toBe(
      'which addresses they are differs between versions of Python: write `is ansible.utils.in_any_network([…])` with yours',
    )
  })

  test('JSON is the text that Ansible writes', () => {
    const variables = { value: { b: [1, 'ä', null], a: { x: true } } }
    expect(shown('value|to_json', variables)).toBe('{"b": [1, "\\u00e4", null], "a": {"x": true}}')
    expect(shown('value|to_nice_json', variables)).toBe(
      '{\n    "a": {\n        "x": true\n    },\n    "b": [\n        1,\n        "\\u00e4",\n        null\n    ]\n}',
    )
  })
})

const REASON: Readonly<Record<string, string>> = {
  '`lookup`': ': it reads files, programs and services while it renders',
  '`query`': ': it reads files, programs and services while it renders',
  '`now`': ': it renders another text at another time',
}
