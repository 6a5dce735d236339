import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtinChecks } from '../../src/check/builtin/index.ts'
import { parseInventory } from '../../src/inventory/inventory.ts'
import type { Problem } from '../../src/model/problem.ts'
import { parseFabric } from '../../src/sim/fabric/parse-fabric.ts'
import { problemsOf } from '../../src/source/checked.ts'
import { builtinTasks } from '../../src/task/builtin/index.ts'
import { compileWorkflow } from '../../src/workflow/compile.ts'
import { readParamsFile } from '../../src/workflow/param/read.ts'
import { LEAST } from '../workflow/states-file.ts'
import { FABRIC, INVENTORY, PROJECT, WORKFLOW } from './project.ts'

/** One slip of a hand: some characters deleted and others typed in their place. */
const slip = (text: string) =>
  fc
    .record({
      at: fc.integer({ min: 0, max: text.length }),
      deleted: fc.integer({ min: 0, max: 12 }),
      typed: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom(
          ...'{}[]:,"\'|>&*!%@`#-?\t\n',
          '{{',
          '}}',
          '- ',
          ': ',
          '\n  ',
          '[[[[',
          '__proto__:',
          '<<: *a',
          '!!set ',
          '\u0000',
          '\u202e',
          '0x',
          '1e999',
          '~',
          '---\n',
        ),
      ),
    })
    .map(({ at, deleted, typed }) => `${text.slice(0, at)}${typed}${text.slice(at + deleted)}`)

const readers: Readonly<Record<string, { text: string; read: (text: string) => readonly Problem[] }>> = {
  workflow: {
    text: WORKFLOW,
    read: (text) =>
      problemsOf(
        compileWorkflow(text, 'workflows/w.yaml', {
          files: (path) => PROJECT[path],
          checks: builtinChecks,
          policyPresent: false,
        }),
      ),
  },
  'a workflow with states': {
    text: LEAST,
    read: (text) =>
      problemsOf(
        compileWorkflow(text, 'workflows/w.yaml', {
          files: () => undefined,
          checks: builtinChecks,
          tasks: builtinTasks,
          policyPresent: false,
        }),
      ),
  },
  inventory: { text: INVENTORY, read: (text) => problemsOf(parseInventory(text, 'inventory.yaml')) },
  fabric: {
    text: FABRIC,
    read: (text) => problemsOf(parseFabric(text, 'fabrics/two/fabric.yaml', (path) => PROJECT[`fabrics/two/${path}`])),
  },
  parameters: { text: String(PROJECT['params.yaml']), read: (text) => problemsOf(readParamsFile(text, 'params.yaml')) },
}

describe('one slip in a well-formed file', () => {
  test.each(Object.entries(readers))(
    '%s: is never a crash, and every problem has a place in the file',
    { tags: 'long' },
    (_, { text, read }) => {
      let refused = 0
      fc.assert(
        fc.property(slip(text), (slipped) => {
          const problems = read(slipped)
          const lines = slipped.split('\n')
          refused += problems.length > 0 ? 1 : 0
          for (const { at, message, hint } of problems) {
            expect(at.line).toBeGreaterThanOrEqual(1)
            expect(at.line).toBeLessThanOrEqual(lines.length)
            expect(at.column).toBeGreaterThanOrEqual(1)
            if (!at.file.endsWith('.j2')) expect(at.column).toBeLessThanOrEqual((lines[at.line - 1] ?? '').length + 1)
            expect(message.length).toBeGreaterThan(5)
            expect((hint ?? '').length).toBeGreaterThan(5)
          }
        }),
        { numRuns: 400 },
      )
      expect(refused).toBeGreaterThan(100)
    },
  )
})
