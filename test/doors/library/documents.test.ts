// @module-tag long
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inLab } from '../../lab/code.ts'
import { exits, inProcess, openLab, ROOT } from '../../lab/lab.ts'
import { table } from '../../table.ts'
import { faultsBy } from './schemas.ts'

/** What is read of a JSON Schema here. */
interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
}

/** A JSON Schema in the words of TypeScript, one member a line. */
function schemaAsType(schema: Schema, indent = ''): string {
  if (schema.$ref !== undefined)
    return schema.$ref === '#' || /__schema|JSON/i.test(schema.$ref) ? 'Json' : schema.$ref.replace(/^.*\//, '')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const parts = schema.anyOf ?? schema.oneOf
  if (parts !== undefined) return [...new Set(parts.map((part) => schemaAsType(part, indent)))].join(' | ')
  switch (schema.type) {
    case 'object':
      return objectAsType(schema, indent)
    case 'array':
      if (schema.prefixItems !== undefined)
        return `readonly [${schema.prefixItems.map((item) => schemaAsType(item, indent)).join(', ')}]`
      return `readonly (${schemaAsType(schema.items ?? {}, indent)})[]`
    case 'integer':
      return 'number'
    case undefined:
      return 'Json'
    default:
      return [schema.type].flat().join(' | ')
  }
}

function objectAsType({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const members = Object.entries(properties).map(([name, member]) => {
    const key = /^[\w$]+$/.test(name) ? name : JSON.stringify(name)
    return `${indent}  ${key}${required.includes(name) ? '' : '?'}: ${schemaAsType(member, `${indent}  `)}`
  })
  const others =
    typeof additionalProperties === 'object'
      ? [`${indent}  [name: string]: ${schemaAsType(additionalProperties, `${indent}  `)}`]
      : []
  const all = [...members, ...others]
  return all.length === 0 ? '{}' : `{\n${all.join('\n')}\n${indent}}`
}

/** Each command that prints a document with `--json`, the schema of it, and the use case that gives the same. */
const COMMANDS = table`
  inventory-result   inventory list
  facts-result       facts
  facts-result       facts -t leaf1
  snapshot-result    snapshot take before
  drift-result       drift
  check-result       check run checks.yaml
  plan-result        plan workflow.yaml -o p.plan
  decision-result    approve p.plan
  execution-result   run p.plan
  execution-result   show @latest
  history-result     history @latest
  executions-result  executions
  drift-result       drift
  decision-result    reject p.plan
  identity-result    whoami
  error-result       show nothing-like-it
  execution-result   run p.plan
  error-result       run nowhere.yaml
  error-result       plan workflow.yaml --no-such-flag
`

test('what each command prints with --json is good by its schema', async () => {
  const lab = openLab({ files: { 'checks.yaml': '- reachable\n- vlans-present: { vlans: [4000] }\n' } })
  const faults: string[] = []
  for (const [schema = '', command = ''] of COMMANDS) {
    const { out, err } = await lab.eosflow(`${command} --json`)
    expect(out, `${command}: ${err}`).not.toBe('')
    faults.push(...(await faultsBy(schema, JSON.parse(out))).map((fault) => `${command}: ${fault}`))
  }
  expect(faults).toEqual([])
  expect(await faultsBy('facts-result', { version: 1, kind: 'facts', switches: [{ name: 'leaf1' }] })).not.toEqual([])
})

test('the library gives the documents of the command line', { tags: 'turn' }, async () => {
  const lab = openLab({ files: { 'checks.yaml': '- reachable\n' } })
  const project = await lab.code()
  await exits(0, lab.change())
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
