import { FILTERS } from '../../../src/text/jinja/filter/names.ts'
import { TESTS } from '../../../src/text/jinja/filter/tests.ts'
import { DICT_METHODS, LIST_METHODS } from '../../../src/text/jinja/object/access.ts'
import { render } from '../../../src/text/jinja/render.ts'
import { GLOBAL_NAMES } from '../../../src/text/jinja/run/scope.ts'
import { TEXT_METHODS } from '../../../src/text/jinja/text/methods.ts'
import { asThread } from '../../hostile/as-thread.ts'
import { linesOf } from '../../table.ts'

/** Values that are large, or from which large ones are made; each is made once, and used again and again. */
const VALUES: readonly string[] = [
  'range(5600)',
  'range(20000)|list',
  '"a b,1-90\\n" * 20000',
  '[[1, 2, 3, 4]] * 20000',
  'dict(range(2000)|zip(range(2000)))',
  '[{"a": 1, "b": [1]}] * 5000',
  '9**18000',
  '"1-4000"',
  '"10.0.0.0/8"',
]

/** Templates that make what each filter, test, function and method makes, once of large values, and again and again, kept. */
export function hostileTemplates() {
  const filters = [...new Map(Object.entries(FILTERS).map(([name, run]) => [run, name])).values()]
  const calls = [
    ...filters.flatMap((name) => ARGUMENTS.map((given) => `v|${name}${given}`)),
    ...Object.keys(TESTS).flatMap((name) => ['', '(w)'].map((given) => `v is ${name}${given}`)),
    ...GLOBAL_NAMES.flatMap((name) => ['(v)', '(w, v)', '(0, 99999999)'].map((given) => `${name}${given}`)),
    ...[TEXT_METHODS, LIST_METHODS, DICT_METHODS].flatMap((table) =>
      Object.keys(table).flatMap((name) => ['()', '(w)', '(w, w)', '(9999)'].map((given) => `v.${name}${given}`)),
    ),
    ...linesOf(`
      v + w
      v * 9999
      v ~ w
      [v, w]
      (v, w)
      {1: v}
      v[:]
      v[::-1]
      v % w
      v in [w]
      v == w
    `),
  ]
  return calls.flatMap((call) =>
    VALUES.flatMap((value) => [
      `{% set v = ${value} %}{% set w = v %}{{ (${call})|string|length }}`,
      `{% set v = ${value} %}{% set w = v %}{% set kept = [] %}{% for i in range(90000) %}{% set _ = kept.append(${call}) %}{% endfor %}`,
    ]),
  )
}

const ARGUMENTS = ['', '(w)', '(w, w)', '(3)', '(w, [])', '(9999999)']

await asThread((text) => render({ file: 'x.j2', text }, { variables: [] }))
