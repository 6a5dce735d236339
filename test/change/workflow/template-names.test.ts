import { describe, expect, test } from 'vitest'
import { templateProblems } from '../../../src/change/workflow/template/render.ts'
import { FILTERS } from '../../../src/text/jinja/filter/names.ts'
import { REFUSED_FILTERS, REFUSED_TESTS } from '../../../src/text/jinja/filter/refused.ts'
import { TESTS } from '../../../src/text/jinja/filter/tests.ts'
import { REFUSED_GLOBALS } from '../../../src/text/jinja/run/scope.ts'
import { linesOf } from '../../table.ts'

const AT = { file: 't.j2', line: 1, column: 1 }
const SEE = 'see docs/templates.md for those that there are'

/** What is said of a template before it is rendered, each with its column. */
function said(text: string, known: readonly string[] = ['x', 'l', 'd']) {
  return templateProblems(text, AT, known).map(({ at, message, hint }) => `${at.column}: ${message} | ${hint}`)
}

describe('a name that there is not is named before the template is rendered', () => {
  test.each([
    // Filters.
    ['{{ x|uper }}', '6: there is no filter `uper` | did you mean `upper`?'],
    ['{{ x|ipadr }}', '6: there is no filter `ipadr` | did you mean `ipaddr`?'],
    ['{{ x|nosuchthing }}', `6: there is no filter \`nosuchthing\` | ${SEE}`],
    [
      '{{ x|ansible.utils.ipadr }}',
      '6: there is no filter `ansible.utils.ipadr` | did you mean `ansible.utils.ipaddr`?',
    ],
    ['{{ x|ansible.utils.nosuch }}', `6: there is no filter \`ansible.utils.nosuch\` | ${SEE}`],
    [
      '{{ x|arista.avd.natural_srot }}',
      '6: there is no filter `arista.avd.natural_srot` | did you mean `arista.avd.natural_sort`?',
    ],
    ['{{ x|ansible.builtin.upper }}', '6: there is no filter `ansible.builtin.upper` | did you mean `upper`?'],
    [
      '{{ x|ansible.util.ipaddr }}',
      '6: there is no filter `ansible.util.ipaddr` | did you mean `ansible.utils.ipaddr`?',
    ],
    [
      '{{ x|arista.eos.natural_sort }}',
      '6: there is no filter `arista.eos.natural_sort` | did you mean `arista.avd.natural_sort`?',
    ],
    [
      '{{ x|foo.bar.baz }}',
      '6: there is no filter `foo.bar.baz` | the collections here are ansible.builtin, ansible.legacy, ansible.netcommon, ansible.utils, community.general, arista.avd: see docs/templates.md',
    ],
    ["{{ l|map('uper')|list }}", '10: there is no filter `uper` | did you mean `upper`?'],
    ['{% filter uper %}x{% endfilter %}', '11: there is no filter `uper` | did you mean `upper`?'],
    ['{% set a | uper %}x{% endset %}', '12: there is no filter `uper` | did you mean `upper`?'],
    ['{% if false %}{{ x|uper }}{% endif %}', '20: there is no filter `uper` | did you mean `upper`?'],
    ['{% macro m(a=x|uper) %}{% endmacro %}', '16: there is no filter `uper` | did you mean `upper`?'],
    // Tests.
    ['{{ x is definde }}', '9: there is no test `definde` | did you mean `defined`?'],
    [
      '{{ x is not arista.avd.define }}',
      '13: there is no test `arista.avd.define` | did you mean `arista.avd.defined`?',
    ],
    ['{{ x is arista.avd.nosuch }}', `9: there is no test \`arista.avd.nosuch\` | ${SEE}`],
    ['{{ x is avd.defined }}', '9: there is no test `avd.defined` | did you mean `arista.avd.defined`?'],
    ["{{ l|select('definde')|list }}", '13: there is no test `definde` | did you mean `defined`?'],
    ["{{ l|rejectattr('a', 'definde')|list }}", '22: there is no test `definde` | did you mean `defined`?'],
    // Names.
    [
      '{{ rnage(3) }}',
      '4: `rnage` is not defined | known here: `x`, `l`, `d`, `device`; a parameter is declared under `params`, a variable is `device.vars.rnage`',
    ],
    [
      '{{ inventory_hostname }}',
      '4: `inventory_hostname` is not defined | known here: `x`, `l`, `d`, `device`; a parameter is declared under `params`, the name of the switch is `device.name`',
    ],
    // Arguments.
    ['{{ x|int(bas=16) }}', '6: `int`: it takes no `bas` | did you mean `base`?'],
    ["{{ x|ipaddr(qery='network') }}", '6: `ipaddr`: it takes no `qery` | did you mean `query`?'],
    [
      '{{ x|ansible.utils.ipsubnet(24, indx=3) }}',
      '6: `ansible.utils.ipsubnet`: it takes no `indx` | did you mean `index`?',
    ],
    ['{{ d|combine(d, recursve=true) }}', '6: `combine`: it takes no `recursve` | did you mean `recursive`?'],
    [
      "{{ x|regex_search('a', ignore_case=true) }}",
      '6: `regex_search`: it takes no `ignore_case` | did you mean `ignorecase`?',
    ],
    ["{{ x|replace('a') }}", '6: `replace`: `new` is not given | it takes: old, new, count'],
    ['{{ x|round(1, 2, 3) }}', '6: `round`: 3 values are given, and it takes 2 | it takes: precision, method'],
    ["{{ x|replace('a', 'b', old='c') }}", '6: `replace`: `old` is given twice | give it once'],
    ['{{ x is divisibleby(nm=3) }}', '9: `divisibleby`: it takes no `nm` | did you mean `num`?'],
    ['{{ x is divisibleby }}', '9: `divisibleby`: `num` is not given | it takes: num'],
    ["{{ l|map('int', bas=16)|list }}", '10: `int`: it takes no `bas` | did you mean `base`?'],
    ["{{ l|select('divisibleby')|list }}", '13: `divisibleby`: `num` is not given | it takes: num'],
    ['{{ range(1, 2, 3, 4) }}', '4: `range`: 4 values are given, and it takes 3 | it takes: start, stop, step'],
    ["{{ joiner(sp=',') }}", '4: `joiner`: it takes no `sp` | did you mean `sep`?'],
  ])('%s', (text, expected) => {
    expect(said(text, ['x', 'l', 'd', 'device'])).toEqual([expected])
  })

  test('[M10] and each of several, on their lines', () => {
    const text = '{{ x|uper }}\n{% if x is definde %}\n  {{ l|map("lowr")|join(sp=",") }}{{ now() }}\n{% endif %}\n'
    expect(templateProblems(text, AT, ['x', 'l']).map(({ at }) => [at.line, at.column])).toEqual([
      [1, 6],
      [2, 12],
      [3, 12],
      [3, 20],
      [3, 38],
    ])
  })
})

describe('a call that may be good is not refused', () => {
  test.each(
    linesOf(`
    {{ x|replace(*l) }}
    {{ x|int(**d) }}
    {{ l|zip(l, l, l)|list }}
    {{ l|zip_longest(l, l, fillvalue=0)|list }}
    {{ dict(a=1, b=2) }}{{ namespace(found=false).found }}{{ cycler('a', 'b').next() }}
    {{ x|regex_search('a', '\\\\1', multiline=true) }}
    {{ d|combine(d, d, recursive=true, list_merge='append') }}
    {{ l|map(attribute='a', default='')|map('default', 'x', true)|map('regex_replace', 'a', 'b')|list }}
    {{ l|selectattr('a', 'equalto', 1)|selectattr('b')|rejectattr('c', 'in', l)|select('match', '^a')|list }}
    {{ l|sort(attribute="a", reverse=true)|batch(2, fill_with=0)|list }}
    {% macro now() %}{% endmacro %}{{ now() }}
    {% set q = joiner() %}{{ q() }}
    {% for lookup in l %}{{ lookup() }}{% endfor %}
  `),
  )('%s', (text) => {
    expect(said(text)).toEqual([])
  })
})

describe('what is known and not rendered is named with the reason', () => {
  test('[M10] every filter', () => {
    const names = Object.entries(REFUSED_FILTERS)
    expect(names.length).toBeGreaterThan(100)
    const wrong = names.filter(
      ([name, why]) =>
        Object.hasOwn(FILTERS, name) ||
        said(`{{ x|${name} }}`)[0] !== `6: the filter \`${name}\` is not rendered here | ${why}`,
    )
    expect(wrong).toEqual([])
  })

  test('every test', () => {
    const names = Object.entries(REFUSED_TESTS)
    expect(names.length).toBeGreaterThan(30)
    const wrong = names.filter(
      ([name, why]) =>
        Object.hasOwn(TESTS, name) ||
        said(`{{ x is ${name} }}`)[0] !== `9: the test \`${name}\` is not rendered here | ${why}`,
    )
    expect(wrong).toEqual([])
  })

  test('every function', () => {
    const names = Object.entries(REFUSED_GLOBALS)
    expect(names.map(([name]) => name)).toEqual(['lookup', 'query', 'q', 'now', 'lipsum', 'undef'])
    const wrong = names.filter(
      ([name, why]) =>
        said(`{% if x %}{{ ${name}('a') }}{% endif %}`)[0] !==
        `14: \`${name}\` is not rendered here: ${why} | give the value as a parameter`,
    )
    expect(wrong).toEqual([])
  })
})
