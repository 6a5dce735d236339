import { describe, expect, test } from 'vitest'
import { builtinChecks } from '../../src/check/builtin/index.ts'
import { readCatalog } from '../../src/check/read-catalog.ts'
import { parseInventory } from '../../src/inventory/inventory.ts'
import type { Problem } from '../../src/model/problem.ts'
import { parsePlan } from '../../src/plan/plan-schema.ts'
import { prepare } from '../../src/plan/prepare.ts'
import { parseFabric } from '../../src/sim/fabric/parse-fabric.ts'
import { problemsOf } from '../../src/source/checked.ts'
import { readYaml } from '../../src/source/yaml.ts'
import { compileWorkflow } from '../../src/workflow/compile.ts'
import { readParamsFile } from '../../src/workflow/param/read.ts'
import { MALFORMED, type MalformedCase } from './cases.ts'
import { PROJECT, type ProjectFiles } from './project.ts'

type Given = MalformedCase['given']

/** What is said about a project when its workflow is planned: everything before the first switch would be contacted. */
function planned(files: ProjectFiles, given: Given = {}): readonly Problem[] {
  const read = (path: string) => files[path]
  const inventory = parseInventory(files['inventory.yaml'] ?? '', 'inventory.yaml')
  const workflow = compileWorkflow(files['workflows/w.yaml'] ?? '', 'workflows/w.yaml', {
    files: read,
    checks: builtinChecks,
    policyPresent: false,
  })
  const params = readParamsFile(files['params.yaml'] ?? '', 'params.yaml')
  if (!inventory.ok || !workflow.ok || !params.ok) return [inventory, workflow, params].flatMap(problemsOf)
  return problemsOf(
    prepare({
      workflow: workflow.value,
      inventory: inventory.value,
      given: { ...params.value, ...given },
      files: read,
    }),
  )
}

function fabricProblems(files: ProjectFiles): readonly Problem[] {
  const folder = 'fabrics/two'
  return problemsOf(
    parseFabric(files[`${folder}/fabric.yaml`] ?? '', `${folder}/fabric.yaml`, (path) => files[`${folder}/${path}`]),
  )
}

function catalogProblems(files: ProjectFiles): readonly Problem[] {
  const document = readYaml(files['checks.yaml'] ?? '', 'checks.yaml')
  return problemsOf(document.ok ? readCatalog(document.value) : document)
}

function problemsFor({ kind, files, given }: Pick<MalformedCase, 'kind' | 'files' | 'given'>): readonly Problem[] {
  const project = { ...PROJECT, ...files }
  if (kind === 'fabric') return fabricProblems(project)
  if (kind === 'catalog') return catalogProblems(project)
  return kind === 'plan' ? problemsOf(parsePlan(project['saved.plan'] ?? '', 'saved.plan')) : planned(project, given)
}

describe('malformed input', () => {
  test('the project that every case breaks is well formed', () => {
    expect(planned(PROJECT)).toEqual([])
    expect(fabricProblems(PROJECT)).toEqual([])
  })

  test('there are thirty cases, of every kind, with empty files and binary bytes among them', () => {
    expect(MALFORMED.length).toBeGreaterThanOrEqual(30)
    const kinds = new Set(MALFORMED.map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(['catalog', 'fabric', 'inventory', 'parameters', 'plan', 'template', 'workflow'])
    const contents = MALFORMED.flatMap(({ files }) => Object.values(files))
    expect(contents.filter((content) => content === '').length).toBeGreaterThanOrEqual(4)
    expect(contents.filter((content) => typeof content !== 'string').length).toBeGreaterThanOrEqual(3)
  })

  test.each(MALFORMED)('$kind: $name', ({ expect: expected, ...malformed }) => {
    const [first] = problemsFor(malformed)
    expect(first?.at).toEqual({ file: expected.file, line: expected.line, column: expected.column })
    expect(first?.hint).toContain(expected.hint)
    expect((first?.message ?? '').length).toBeGreaterThan(10)
  })
})
