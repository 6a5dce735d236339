import { expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { judgedChange } from '../../../src/change/plan/judged-change.ts'
import { builtinTasks } from '../../../src/change/task/builtin/index.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { knownChecks } from '../../../src/eos/check/builtin/known-checks.ts'
import { sightOf } from '../workflow/states-file.ts'

const TEXT = `name: w
targets: '*'
change: { mode: merge, file: 'intended/{{ device.name }}.cfg' }
steps: [snapshot, plan, approve, { push: { confirmWithin: 2m } }, { verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] } }, confirm]
`

const HEAD = `version: 1
defaults: { credentials: one }
credentials: { one: { username: u, password: '\${env:P}' } }
devices:
`

test('[3T19] a fault that many files have names each of them, once', () => {
  const compiled = compileWorkflow(TEXT, 'w.yaml', {
    files: () => undefined,
    policyPresent: false,
    checks: knownChecks,
    tasks: builtinTasks,
  })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  const names = Array.from({ length: 25 }, (_, at) => `sw${at}`)
  const texts = new Map(names.map((name, at) => [`intended/${name}.cfg`, `ntp serer 10.0.0.${at % 2}\n`]))
  const devices = names.map((name, at) => `  ${name}: { host: 192.0.2.${at + 1} }`).join('\n')
  const inventory = parseInventory(`${HEAD}${devices}\n`, 'inventory.yaml')
  if (!inventory.ok) throw new Error(JSON.stringify(inventory.problems))
  const sights = inventory.value.devices.map(sightOf)
  const { problems } = judgedChange(compiled.value, {}, sights, (path) => texts.get(path))
  expect(problems).toHaveLength(2)
  const said = problems.map(({ at, message }) => `${at.file} ${message}`)
  for (const name of names) expect(said.filter((one) => new RegExp(`\\b${name}\\.cfg`).test(one))).toHaveLength(1)
})
