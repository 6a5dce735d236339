import { expect, test } from 'vitest'
import type { InventoryDevice } from '../../../src/change/inventory/inventory.ts'
import { noteSelection, selectorsOf } from '../../../src/change/plan/prepare.ts'
import { Readings } from '../../../src/change/plan/readings.ts'
import type { Workflow } from '../../../src/change/workflow/definition/workflow.ts'

const AT = { file: 'w.yaml', line: 1, column: 1 }

test.each([
  ['leaf1, leaf*', ['tags.mlag']],
  ['role:leaf and not (site:dc1, role:spine)', ['tags.mlag', 'tags.role', 'tags.site']],
  ['leaf1, group:DC1', ['groups.DC1', 'tags.group', 'tags.mlag']],
  ['leaf1, group:DC*', ['groups', 'tags.group', 'tags.mlag']],
])('what a selector looks at is pinned: %s', (expression, expected) => {
  const readings = new Readings()
  const workflow = { targets: { expression, at: AT }, rollout: {} } as Workflow
  noteSelection(readings, [{ name: 'leaf1' } as InventoryDevice], selectorsOf(workflow))
  const read = readings.all().get('leaf1') ?? []
  expect(read.map(({ steps }) => steps.join('.')).sort()).toEqual(expected)
})
