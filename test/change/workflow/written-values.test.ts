import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { sampleParams } from '../../../src/change/workflow/definition/sample.ts'
import { type GivenParams, readParams, readParamsFile } from '../../../src/change/workflow/param/read.ts'
import { changeLines } from '../../../src/change/workflow/template/change.ts'
import { knownChecks } from '../../../src/eos/check/builtin/known-checks.ts'
import { locatedAt } from '../../../src/text/source/located.ts'
import { readYaml } from '../../../src/text/source/yaml.ts'
import { sightOf } from './states-file.ts'

/** Numbers of YAML that print as another text than the one that is written. */
const LITERALS = ['010', '0100', '1e3', '1E3', '1.0', '10.', '.5', '0x1F', '0o17', '+5', '-0', '65000.10', '00', '1.50']

/** Parameters of each type that could take such a value, and where in it the value is. */
const TYPES: Readonly<Record<string, { readonly declared: string; readonly inList: boolean }>> = {
  string: { declared: 'type: string', inList: false },
  integer: { declared: 'type: integer', inList: false },
  vlanRange: { declared: 'type: vlanRange', inList: false },
  'list of string': { declared: 'type: list, items: { type: string }', inList: true },
  'list of integer': { declared: 'type: list, items: { type: integer }', inList: true },
  'list of vlanRange': { declared: 'type: list, items: { type: vlanRange }', inList: true },
}

const TAGGED = (literal: string) => `
credentials: { o: { username: o, password: '\${env:P}' } }
defaults: { credentials: o, tls: { insecure: true } }
devices: { leaf1: { host: 10.0.0.1, tags: { t: ${literal} } } }
`

/** The line that a change becomes, or why there is none. */
interface Outcome {
  readonly line?: string
  readonly refused?: string
}

const words = (problems: readonly { message: string; hint?: string }[]): Outcome => ({
  refused: problems.map(({ message, hint }) => `${message} | ${hint}`).join('\n'),
})

function rendered(expression: string, declared: string | undefined, given: GivenParams, tag = 'x'): Outcome {
  const text = `
name: w
params: { ${declared === undefined ? '' : `p: { ${declared} }`} }
targets: leaf1
change: { lines: ['${expression}'] }
steps: [snapshot: { state: [interfaces] }, plan, approve: { expires: 4h }, push: { confirmWithin: 10m }, verify: { within: 1m, checks: [interfaces-up] }, confirm]
`
  const compiled = compileWorkflow(text, 'w.yaml', {
    files: () => undefined,
    checks: knownChecks,
    policyPresent: false,
  })
  if (!compiled.ok) return words(compiled.problems)
  const inventory = parseInventory(TAGGED(tag), 'inventory.yaml')
  if (!inventory.ok) return words(inventory.problems)
  const [device] = inventory.value.devices
  const params = readParams(compiled.value, given)
  const sample = sampleParams(compiled.value, given)
  const values = params.ok ? params.value : sample.ok ? sample.value.values : undefined
  if (values === undefined) return words(params.ok ? [] : params.problems)
  if (device === undefined) throw new Error('no switch')
  const change = changeLines(compiled.value, values, sightOf(device), () => undefined)
  return change.ok ? { line: change.value.lines.join('\n') } : words(change.problems)
}

const inFile =
  (file: string, write: (value: string) => string) =>
  (value: string, declared: string, expression: string): Outcome => {
    const read = readParamsFile(write(value), file)
    return read.ok ? rendered(expression, declared, { p: read.value.p ?? '' }) : words(read.problems)
  }

/** Every way a value of a parameter comes in. */
const WAYS: Readonly<Record<string, (value: string, declared: string, expression: string) => Outcome>> = {
  '-p': (value, declared, expression) => rendered(expression, declared, { p: value }),
  'a file of parameters': inFile('p.yaml', (value) => `p: ${value}\n`),
  'a file of parameters in JSON': inFile('params/p.json', (value) => `{"p": ${value}}`),
  'a file of parameters, by an alias': inFile('p.yaml', (value) => `q: &v ${value}\np: *v\n`),
  'the default': (value, declared, expression) => rendered(expression, `${declared}, default: ${value}`, {}),
  'the example': (value, declared, expression) => rendered(expression, `${declared}, example: ${value}`, {}),
  'the params of a test': (value, declared, expression) => {
    const file = readYaml(`cases: [{ params: { p: ${value} } }]`, 'a.test.yaml')
    const located = file.ok ? locatedAt(file.value, ['cases', 0, 'params', 'p']) : undefined
    return located === undefined ? { refused: 'unread' } : rendered(expression, declared, { p: located })
  },
}

const CASES = Object.entries(WAYS).flatMap(([way, through]) =>
  Object.entries(TYPES).flatMap(([type, { declared, inList }]) =>
    LITERALS.map((literal) => {
      const value = inList ? `[${literal}]` : literal
      const expression = inList ? '{% for one in p %}vlan {{ one }}{% endfor %}' : 'vlan {{ p }}'
      return { way, type, literal, outcome: () => through(value, declared, expression) }
    }),
  ),
)

test('an AES key of a rotated secret is for the engine that is named', () => {
  const expression = 'x {{ rotated.snmp["000000000000000000000002"].aes.sha }}'
  expect(rendered(expression, undefined, {})).toEqual({ line: 'x 856260ea3760a332d92068bd9d103434' })
})

describe('a number that is written otherwise than it prints', () => {
  test(`[M9] is its text or refused, in each of ${CASES.length} ways`, { tags: 'long' }, () => {
    expect(CASES).toHaveLength(7 * 6 * 14)
    const wrong = CASES.flatMap(({ way, type, literal, outcome }) => {
      const { line, refused } = outcome()
      const isRight = line === undefined ? refused?.includes(literal) === true : line === `vlan ${literal}`
      return isRight ? [] : [{ way, type, literal, line, refused }]
    })
    expect(wrong).toEqual([])
  })

  test('is the text in a tag, which is never compared with a number', () => {
    const seen = LITERALS.map((literal) => [
      rendered('vlan {{ device.tags.t }}', undefined, {}, literal).line,
      rendered('{{ device.tags.t == 10 }}', undefined, {}, literal).refused?.split(' | ')[0],
    ])
    expect(seen).toEqual(
      LITERALS.map((literal) => [
        `vlan ${literal}`,
        `the text '${literal}' is compared with the number 10: they are never equal`,
      ]),
    )
  })

  test.each([
    ['type: string, default: 65000.10', "`params.p.default` must be text, not 65000.10 | put it in quotes: '65000.10'"],
    ['type: string, default: 0100', "`params.p.default` must be text, not 0100 | put it in quotes: '0100'"],
    ['type: string, example: 1.0', "`params.p.example` must be text, not 1.0 | put it in quotes: '1.0'"],
    ['type: interface, default: 0x1F', "`params.p.default` must be text, not 0x1F | put it in quotes: '0x1F'"],
    [
      'type: integer, default: 010',
      'the parameter `p`: 010 is another way to write 10, and may be meant otherwise | write it in plain digits: 10',
    ],
    [
      'type: integer, example: 1e3',
      'the parameter `p`: 1e3 is another way to write 1000, and may be meant otherwise (its `example`) | write it in plain digits: 1000',
    ],
    [
      'type: list, items: { type: integer }, default: [1, 0x1F]',
      'the parameter `p[1]`: 0x1F is another way to write 31, and may be meant otherwise | write it in plain digits: 31',
    ],
    [
      'type: list, items: { type: string }, default: [a, 0100]',
      "the parameter `p[1]`: must be text, not 0100 | put it in quotes: '0100'",
    ],
  ])('{ %s }', (declared, refused) => {
    expect(rendered('vlan {{ p }}', declared, {})).toEqual({ refused })
  })
})
