// @module-tag long
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { ROOT } from '../lab/checkout.ts'
import { startLab } from '../lab/lab.ts'
import { inLab, opened } from './opened.ts'
import { schemaAsType } from './schema-as-type.ts'
import { faultsBy } from './schemas.ts'

/** Each command that prints a document with `--json`, the schema of it, and the use case that gives the same. */
const COMMANDS: readonly (readonly [schema: string, argv: readonly string[]])[] = [
  ['inventory-result', ['inventory', 'list']],
  ['facts-result', ['facts']],
  ['facts-result', ['facts', '-t', 'leaf1']],
  ['snapshot-result', ['snapshot', 'take', 'before']],
  ['drift-result', ['drift']],
  ['check-result', ['check', 'run', 'checks.yaml']],
  ['plan-result', ['plan', 'workflow.yaml', '-o', 'p.plan']],
  ['decision-result', ['approve', 'p.plan']],
  ['execution-result', ['run', 'p.plan']],
  ['execution-result', ['show', '@latest']],
  ['history-result', ['history', '@latest']],
  ['executions-result', ['executions']],
  ['drift-result', ['drift']],
  ['decision-result', ['reject', 'p.plan']],
  ['identity-result', ['whoami']],
  ['error-result', ['show', 'nothing-like-it']],
  ['execution-result', ['run', 'p.plan']],
  ['error-result', ['run', 'nowhere.yaml']],
  ['error-result', ['plan', 'workflow.yaml', '--no-such-flag']],
]

test('what each command prints with --json is good by its schema', async () => {
  const lab = startLab({ files: { 'checks.yaml': '- reachable\n- vlans-present: { vlans: [4000] }\n' } })
  const faults: string[] = []
  for (const [schema, argv] of COMMANDS) {
    const { out, err } = await lab.eosflow(...argv, '--json')
    expect(out, `${argv.join(' ')}: ${err}`).not.toBe('')
    faults.push(...(await faultsBy(schema, JSON.parse(out))).map((fault) => `${argv.join(' ')}: ${fault}`))
  }
  expect(faults).toEqual([])
  expect(await faultsBy('facts-result', { version: 1, kind: 'facts', switches: [{ name: 'leaf1' }] })).not.toEqual([])
})

test('the library gives the documents of the command line', { tags: 'long' }, async () => {
  const lab = startLab({ files: { 'checks.yaml': '- reachable\n' } })
  const project = await opened(lab)
  expect((await lab.change()).code).toBe(0)
  const printed = async (...argv: string[]): Promise<unknown> => JSON.parse((await lab.eosflow(...argv, '--json')).out)
  expect(await inLab(lab, project.inventory())).toEqual(await printed('inventory', 'list'))
  expect(await inLab(lab, project.inventory({ target: 'leaf1' }))).toEqual(
    await printed('inventory', 'list', '-t', 'leaf1'),
  )
  expect(await inLab(lab, project.whoami())).toEqual(await printed('whoami'))
  expect(await inLab(lab, project.show('@latest'))).toEqual(await printed('show', '@latest'))
  expect(await inLab(lab, project.history('@latest'))).toEqual(await printed('history', '@latest'))
  expect(await inLab(lab, project.executions())).toEqual(await printed('executions'))
  const byUptime = (read: object): unknown =>
    JSON.parse(JSON.stringify(read).replaceAll(/"uptime":[\d.]+/g, '"uptime":0'))
  expect(byUptime(await inLab(lab, project.facts()))).toEqual(byUptime((await printed('facts')) as object))
  expect(await inLab(lab, project.check({ catalog: 'checks.yaml' }))).toEqual(
    await printed('check', 'run', 'checks.yaml'),
  )
  expect(await inLab(lab, project.drift())).toEqual(await printed('drift'))
  expect(await inLab(lab, project.record('@latest'))).toMatch(/^<!doctype html>/i)
})

/** The schema that a document's type is derived from, by the name of the type. */
const SCHEMAS: Readonly<Record<string, string>> = {
  CheckDocument: 'check-result',
  DecisionDocument: 'decision-result',
  DriftDocument: 'drift-result',
  ExecutionDocument: 'execution-result',
  ExecutionEvent: 'history-result',
  ExecutionsDocument: 'executions-result',
  FactsDocument: 'facts-result',
  IdentityDocument: 'identity-result',
  InventoryDocument: 'inventory-result',
  PlanDocument: 'plan-result',
  SnapshotResult: 'snapshot-result',
}

test('the type of each document is in the report, by the JSON Schema that it is derived from', async () => {
  const parts = [
    '# The documents of the library\n\nWhat each type of a document is, by the JSON Schema that it is derived from. A test makes this page anew and compares.',
  ]
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    const { stdout } = await inProcess(['schema', schema])
    parts.push(`\`eosflow schema ${schema}\`:\n\`\`\`ts\ntype ${name} = ${schemaAsType(JSON.parse(stdout))}\n\`\`\``)
  }
  expect(parts.length).toBeGreaterThan(10)
  await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot(join(ROOT, 'test/golden/library-documents.md'))
})
