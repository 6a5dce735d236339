import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { features } from '../../../src/features/index.ts'
import { readTestFile } from '../../../src/lab/workflow-test/read-test-file.ts'
import { ENDINGS, workflowTestSchema } from '../../../src/lab/workflow-test/schema.ts'
import { trialKeys } from '../../../src/project/system/feature/feature.ts'

const ROOT = new URL('../../../', import.meta.url)
const page = readFileSync(new URL('docs/workflow-tests.md', ROOT), 'utf8')

test('the page has every key and every outcome', () => {
  const inFirstCells = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] ?? ''))
  const { shape } = workflowTestSchema(trialKeys(features))
  const { element } = shape.cases
  const keys = [...Object.keys(shape), ...Object.keys(element.shape), ...Object.keys(element.shape.expect.shape)]
  expect(new Set(keys).size).toBeGreaterThanOrEqual(26)
  expect(keys.filter((key) => !inFirstCells.has(key))).toEqual([])
  const outcomes = page.split('\n').find((line) => line.startsWith('| `outcome` |')) ?? ''
  expect(ENDINGS.filter((ending) => !outcomes.includes(`\`${ending}\``))).toEqual([])
})

test('its example is a test of a bundled workflow, and so are the faults it lists', () => {
  const example = /^```yaml workflow-test\n([\s\S]*?)^```/m.exec(page)?.[1] ?? ''
  const faults = [...page.matchAll(/^\| .* \| `(\{ .*kind: .*\})` \|$/gm)].map((match) => match[1] ?? '')
  expect(faults.length).toBeGreaterThanOrEqual(6)
  const text = `${example}\n  - name: the faults of the page\n    faults:\n${faults.map((fault) => `      - ${fault}\n`).join('')}    expect: { exit: 0 }\n`
  const files = (path: string) => {
    try {
      return readFileSync(new URL(path, ROOT))
    } catch {
      return undefined
    }
  }
  const inventory = parseInventory(files('inventory.yaml') ?? '', 'inventory.yaml')
  if (!inventory.ok) throw new Error(inventory.problems[0].message)
  const read = readTestFile(text, 'tests/page.test.yaml', { files, inventory: inventory.value, policyPresent: false })
  expect(read.ok ? read.value.map(({ name }) => name) : read.problems).toEqual([
    'the VLAN reaches every leaf',
    'a spine that is lost under way puts the change back',
    'the faults of the page',
  ])
})
