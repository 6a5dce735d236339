import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rawAsl } from '../../src/change/workflow/asl/part.ts'
import { readMachine } from '../../src/change/workflow/asl/read-machine.ts'
import { compileWorkflow } from '../../src/change/workflow/compile.ts'
import { builtinChecks } from '../../src/eos/check/builtin/index.ts'
import type { Json } from '../../src/model/json.ts'
import { graphAs } from '../../src/report/graph/formats.ts'
import { graphOf } from '../../src/report/graph/graph.ts'
import { locatedNowhere } from '../../src/text/source/located.ts'

const ROOT = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8')

const flagship = () => {
  const file = 'workflows/tune-mlag-pairs.yaml'
  const files = (path: string) => (path.startsWith('workflows/') ? read(path) : undefined)
  const compiled = compileWorkflow(read(file), file, { files, checks: builtinChecks, policyPresent: false })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return graphOf(compiled.value.machine, compiled.value.name)
}

const drawn = (definition: Json) => {
  const machine = readMachine(locatedNowhere(definition, 'm.json'), rawAsl('STANDARD'))
  if (!machine.ok) throw new Error(JSON.stringify(machine.problems))
  return graphOf(machine.value, 'm.json')
}

describe('the graph of a machine', () => {
  test('the flagship as Mermaid', async () => {
    await expect(graphAs.mermaid(flagship())).toMatchFileSnapshot('../golden/graph-tune-mlag-pairs.mmd')
  })

  test('the flagship as DOT', async () => {
    await expect(graphAs.dot(flagship())).toMatchFileSnapshot('../golden/graph-tune-mlag-pairs.dot')
  })

  test('names and conditions are text, whatever is in them', () => {
    const name = `end"]; <b>#1</b>\\N`
    const graph = drawn({
      StartAt: name,
      States: {
        [name]: {
          Type: 'Choice',
          QueryLanguage: 'JSONata',
          Choices: [{ Condition: '{% "|" = "]" %}', Next: 'a|b' }],
          Default: 'a|b',
        },
        'a|b': { Type: 'Succeed' },
      },
    })
    expect(graphAs.mermaid(graph).split('\n').slice(2, 6)).toEqual([
      '  s0{"end#34;#93;#59; #60;b#62;#35;1#60;/b#62;#92;N<br/>Choice"}',
      '  s1(["a#124;b<br/>Succeed"])',
      '  s0 -->|"#34;#124;#34; = #34;#93;#34;"| s1',
      '  s0 -->|"else"| s1',
    ])
    expect(graphAs.dot(graph).split('\n').slice(5, 9)).toEqual([
      '  s0 [label="end\\"]; <b>#1</b>\\\\N\\nChoice", shape=diamond, style=solid]',
      '  s1 [label="a|b\\nSucceed", shape=oval, style=solid]',
      '  s0 -> s1 [label="\\"|\\" = \\"]\\""]',
      '  s0 -> s1 [label="else"]',
    ])
  })

  test('a raw machine shows its JSONPath rules, its resources and where errors go', () => {
    const graph = drawn({
      StartAt: 'Route',
      States: {
        Route: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 3, Next: 'Ask' }], Default: 'Rest' },
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: {},
          Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Rest' }],
          End: true,
        },
        Rest: { Type: 'Wait', SecondsPath: '$.pause', End: true },
      },
    })
    expect(graphAs.dot(graph).split('\n').slice(5, -2)).toEqual([
      '  s0 [label="Route\\nChoice", shape=diamond, style=solid]',
      '  s1 [label="Ask\\narn:aws:states:::sqs:sendMessage.waitForTaskToken\\nwaits for an answer"]',
      '  s2 [label="Rest\\nwait $.pause", shape=parallelogram, style=solid]',
      '  s0 -> s1 [label="{\\"Variable\\":\\"$.n\\",\\"NumericGreaterThan\\":3}"]',
      '  s0 -> s2 [label="else"]',
      '  s1 -> s2 [label="States.Timeout", style=dashed]',
    ])
  })
})
