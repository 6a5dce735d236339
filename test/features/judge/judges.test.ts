import { describe, expect, test } from 'vitest'
import type { InventoryDevice } from '../../../src/change/inventory/inventory.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { judge as feature } from '../../../src/features/judge/index.ts'
import { judgesKey } from '../../../src/features/judge/key.ts'
import type { LazyMap } from '../../../src/model/once.ts'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'
import { linesOf } from '../../table.ts'

const KNOWN = { core: { url: 'https://prometheus.example.com', scrape: 15 } }

const compiled = (verify: string) =>
  compileWorkflow(
    `name: x
params: { vlan: { type: integer, default: 7 }, metric: { type: string, default: drops } }
targets: leaf1
change: { mode: merge, lines: ['vlan {{ vlan }}'] }
steps:
  - snapshot
  - plan
  - push: { confirmWithin: 10m }
  - verify: ${verify}
  - confirm
`,
    'x.yaml',
    { files: () => undefined, checks: [], policyPresent: false, keys: [judgesKey], settings: { judges: KNOWN } },
  )

const text = (value: string): LazyMap['member'] extends (name: string) => infer T ? T : never => ({
  kind: 'scalar',
  value,
  isSecret: false,
  at: { file: 'inventory.yaml', line: 1, column: 1 },
})

function device(name: string, host: InventoryDevice['host']) {
  const at = { file: 'inventory.yaml', line: 1, column: 1 }
  const map: LazyMap = {
    kind: 'map',
    at,
    keys: () => ['name'],
    member: (key) => (key === 'name' ? text(name) : undefined),
  }
  return { name, host, device: map, fabric: { kind: 'map', at, keys: () => [], member: () => undefined } as LazyMap }
}

const SWITCHES = [device('leaf1', '10.0.0.1'), device('leaf2.dc1', '10.0.0.2')]

const judge = (more: string) => `{ judges: [{ prometheus: core, ${more} }] }`

/** The judge of a verify step with all values, or the problems of it. */
function filled(more: string, switches = SWITCHES) {
  const read = compiled(judge(more))
  if (!read.ok) return read.problems.map(({ message }) => message)
  const [called] = read.value.called
  if (called === undefined) return []
  const one = judgesKey.fill(called.calls as never, { vlan: 7, metric: 'drops' }, switches)
  return one.ok ? one.value[0] : one.problems.map(({ message }) => message)
}

describe('judges of a verify step', () => {
  test.each([
    [judge(`query: up, good: 'value = 1', empty: fail`), ''],
    [`{ judges: [{ alerts: core, labels: { severity: critical } }] }`, ''],
    [judge(`query: up, good: 'value = 1'`), 'missing-key 9:24: the key `empty` is missing in `judges[0]`'],
    [
      judge(`query: up, good: 'value = 1', empty: maybe`),
      'invalid-value 9:81: `judges[0].empty` must be `fail` or `pass` or `cannot-judge`, not the text "maybe"',
    ],
    [
      `{ judges: [{ prometheus: cor, query: up, good: 'value = 1', empty: fail }] }`,
      'unknown-judge 9:38: the settings have no judge `cor`',
    ],
    [
      judge(`query: 'up offset 1h', good: 'value = 1', empty: fail`),
      'bad-query 9:52: the query of a judge cannot be asked: `offset` and `@` ask for another time than now: what was before the change is measured by eosflow, and `good` names it `before`',
    ],
    [
      judge(`query: '1', good: 'value = 1', empty: fail`),
      'bad-query 9:52: the query of a judge cannot be asked: it reads no metric',
    ],
    [
      judge(`query: up, good: 'value <', empty: fail`),
      'bad-expression 9:62: at character 8: Unexpected end of expression',
    ],
    [
      judge(`query: up, good: 'valu = 1', empty: fail`),
      'bad-expression 9:62: `good` sees `value`, `before` and `labels`, not `valu`',
    ],
    [
      judge(`query: up, good: 'before = 1', empty: fail`),
      'bad-expression 9:62: `good` does not look at `value`, so that every answer would be as good',
    ],
    [
      judge(`query: up, good: '$random() < value', empty: fail`),
      'bad-expression 9:62: at character 1: $random is refused: an assertion says the same of the same answer.',
    ],
    [
      judge(`query: up, good: 'value = 1', empty: fail, maxAge: 15s`),
      'max-age-too-short 9:95: `maxAge` of 15s is not more than the 15s between two samples of `core`: most of its answers would be too old',
    ],
    [
      judge(`query: up, good: 'value = 1', empty: fail, is: leaf`),
      'is-without-by 9:91: `is` says what a label holds, and no label is named',
    ],
    [
      judge(`query: 'up{a="{{ nowhere }}"}', good: 'value = 1', empty: fail`),
      'template-undefined 9:61: `nowhere` is not defined',
    ],
    [
      judge(`query: 'rate(x[3m])', good: 'value = 1', empty: fail`),
      'judge-needs-time 9:52: a judge cannot have seen the change within 3m: 15s between two samples + 3m that the query looks back + 5s between two rounds + 30s of `stableFor` is 3m50s',
    ],
    ['{ within: 1m, judges: [{ alerts: core, labels: { a: b } }] }', ''],
    [
      '{ within: 49s, judges: [{ alerts: core, labels: { a: b } }] }',
      'judge-needs-time 9:37: a judge cannot have seen the change within 49s: 15s between two samples + 5s between two rounds + 30s of `stableFor` is 50s',
    ],
  ])('%s', (verify, expected) => {
    const read = compiled(verify)
    const problems = read.ok ? [] : read.problems
    expect(problems.map(({ code, at, message }) => `${code} ${at.line}:${at.column}: ${message}`)).toEqual(
      linesOf(expected),
    )
  })

  test('become one query for all switches, with all values', () => {
    const query = `sum by (instance) (rate({{ metric }}{instance=~"{{ device.name }}", vlan="{{ vlan }}"}[1m]))`
    expect(filled(`query: '${query}', good: 'value < before', empty: pass, by: instance`)).toEqual({
      judge: 'prometheus',
      service: 'core',
      url: 'https://prometheus.example.com',
      scrape: 15,
      by: 'instance',
      switches: { leaf1: ['leaf1', '10.0.0.1'], 'leaf2.dc1': ['leaf2.dc1', '10.0.0.2'] },
      query: 'sum by (instance) (rate(drops{instance=~"(?:leaf1|leaf2\\\\.dc1)", vlan="7"}[1m]))',
      good: 'value < before',
      empty: 'pass',
      maxAge: 30,
      window: 60,
    })
  })

  test.each([
    ['up{instance="{{ device.name }}"}', ['`{{ device.name }}` is all switches at once, and only behind `=~` can it']],
    ['up * {{ device.name }}', ['`{{ device.name }}` is all switches at once, and only behind `=~` can it']],
    ['{% if vlan %}up{% endif %}', ['a query takes values alone, no `{% … %}` and no `{# … #}`']],
    ['up + {{ "1) or vector(1" }}', ['`{{ "1) or vector(1" }}` is "1) or vector(1", which cannot be there in a query']],
    ['up{a=`{{ "x\\x60y" }}`}', ['`{{ "x\\x60y" }}` is "x`y", which cannot be there in a query']],
    [
      'up{a=~`{{ device.name ~ "\\x60" }}`}',
      ['`{{ device.name ~ "\\x60" }}` is all switches at once, and only behind `=~` can it'],
    ],
    ['rate(up[{{ "x" }}])', ['the query of a judge cannot be asked: `[x]` is no range such as [1m]']],
  ])('cannot be filled: %s', (query, messages) => {
    expect(filled(`query: '${query}', good: 'value = 1', empty: pass`)).toEqual(messages)
  })

  test('two switches that their label does not tell apart', () => {
    expect(filled(`query: up, good: 'value = 1', empty: pass, by: job, is: same`)).toEqual([
      'the label `job` cannot tell leaf1 and leaf2.dc1 apart: it is `same` of both',
    ])
    expect(
      filled(`query: up, good: 'value = 1', empty: pass, by: job`, [
        device('a', '127.0.0.1'),
        device('127.0.0.1:9117', '127.0.0.2'),
      ]),
    ).toEqual(['the label `job` cannot tell a and 127.0.0.1:9117 apart: it is `127.0.0.1:9117` of both'])
    expect(
      filled(`query: up, good: 'value = 1', empty: pass, by: job`, [
        device('a', '127.0.0.1'),
        device('b', '127.0.0.1'),
      ]),
    ).toMatchObject({
      switches: { a: ['a'], b: ['b'] },
    })
  })
})

describe('judges of the settings', () => {
  const HTTP = `http: { key: '\${env:K}', hosts: [{ origin: 'https://p.example.com', secrets: ['\${env:T}'] }] }\n`

  test.each([
    [`judges: { core: { url: 'https://p.example.com/prom', headers: { Authorization: 'Bearer \${env:T}' } } }`, []],
    [`judges: { core: { url: 'https://q.example.com' } }`, ['host-not-allowed 2:24']],
    [`judges: { core: { url: 'https://p.example.com?x=1' } }`, ['bad-address 2:24']],
    [`judges: { core: { url: 'https://u:p@p.example.com' } }`, ['bad-address 2:24']],
    [`judges: { core: { url: 'https://p.example.com', headers: { X-Token: abc } } }`, ['clear-text-secret 2:69']],
    [
      `judges: { core: { url: 'https://p.example.com', headers: { X-Token: '\${env:OTHER}' } } }`,
      ['secret-not-allowed 2:69'],
    ],
    [`judges: { core: { url: 'https://p.example.com', headers: { Host: abc } } }`, ['own-header 2:66']],
    [`judges: { Core: { url: 'https://p.example.com' } }`, ['invalid-key 2:11']],
    [`judges: { core: { url: 'https://p.example.com', scrape: 0s } }`, ['invalid-value 2:57']],
  ])('%s', (text, expected) => {
    const read = parseSettings(HTTP + text, 'eosflow.yaml', [feature])
    const problems = read.ok ? [] : read.problems
    expect(problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`)).toEqual(expected)
  })
})
