import { describe, expect, test } from 'vitest'
import { exits, inProcess, json, warns } from '../../lab/lab.ts'

const REQUIRED: readonly (readonly [name: string, required: readonly string[]])[] = [
  ['workflow', ['name', 'targets', 'change']],
  // A file may have sources alone.
  ['inventory', []],
  ['settings', []],
  ['fabric', ['version', 'name', 'devices']],
  ['plan', ['version', 'digest', 'content', 'evidence']],
  ['policy', ['version']],
  ['test', ['version', 'cases']],
  ['catalog', []],
  ['comply', ['version']],
  ['comply-result', ['version', 'kind', 'switches']],
  ['plan-result', ['version', 'kind', 'digest', 'plan']],
  ['execution-result', ['version', 'kind', 'id', 'outcome', 'devices', 'exitCode']],
  ['executions-result', ['version', 'executions']],
  ['drift-result', ['version', 'kind', 'sum', 'devices']],
  ['check-result', ['version', 'kind', 'results']],
  ['facts-result', ['version', 'kind', 'switches']],
  ['snapshot-result', ['version', 'kind', 'name', 'devices', 'missing']],
  ['decision-result', ['version', 'decision', 'plan', 'approver']],
  ['identity-result', ['version', 'identity']],
  ['inventory-result', ['version', 'kind', 'switches']],
  ['error-result', ['version', 'error', 'exitCode']],
]

/** What is read of a JSON Schema here. */
interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: unknown
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

describe('schema', () => {
  test.each(REQUIRED)('%s is a JSON Schema whose keys an editor can complete', async (name, required) => {
    const schema = await json(exits(0, inProcess(['schema', name])))
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
    // Version 3 of a plan is the only format that is not in its first.
    expect(schema.$id).toBe(`urn:eosflow:schema:${name}:${name === 'plan' ? 3 : 1}`)
    expect(schema.required ?? []).toEqual(expect.arrayContaining([...required]))
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining([...required]))
  })

  test('a workflow has one of its two forms, and an editor knows the fields of a state', async () => {
    const { oneOf, properties, $defs } = (await json(inProcess('schema workflow'))) as {
      oneOf: unknown
      properties: Readonly<Record<string, object>>
      $defs: { state: { oneOf: readonly { properties: Readonly<Record<string, { const?: string }>> }[] } }
    }
    expect(oneOf).toEqual([{ required: ['steps'] }, { required: ['startAt', 'states'] }])
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(['steps', 'startAt', 'states', 'timeout']))
    expect($defs.state.oneOf.map((one) => one.properties.Type?.const)).toEqual([
      'Task',
      'Choice',
      'Map',
      'Parallel',
      'Wait',
      'Pass',
      'Succeed',
      'Fail',
    ])
  })

  test('a catalog has every check in its module, by all its names, with its inputs', async () => {
    const { stdout } = await inProcess('schema catalog')
    const schema = JSON.parse(stdout)
    const refs = [...stdout.matchAll(/"\$ref": "#\/\$defs\/([^"]+)"/g)].map(([, name = '']) => name)
    expect(refs.length).toBeGreaterThan(800)
    expect(refs.filter((name) => schema.$defs?.[name] === undefined)).toEqual([])

    const followed = (schemaAt: Schema | undefined, ...keys: readonly string[]): Schema | undefined => {
      const [key, ...more] = keys
      const here = schemaAt?.$ref === undefined ? schemaAt : schema.$defs?.[schemaAt.$ref.slice('#/$defs/'.length)]
      return key === undefined ? here : followed(here?.properties?.[key], ...more)
    }
    const forms = [['anta.tests.routing.bgp'], ['anta.tests', 'routing', 'bgp'], ['anta', 'tests', 'routing.bgp']]
    for (const form of forms) {
      const check = followed(followed(schema, ...form)?.items)?.anyOf?.[1]
      expect(Object.keys(check?.properties ?? {})).toEqual(
        expect.arrayContaining(['VerifyBGPPeerCount', 'bgp-peer-count']),
      )
      expect(Object.keys(check?.properties ?? {})).not.toContain('VerifyMlagStatus')
      expect(Object.keys(followed(check, 'bgp-peer-count')?.properties ?? {})).toEqual([
        'address_families',
        'filters',
        'result_overwrite',
      ])
    }
    expect(followed(followed(schema, 'anta.tests.mlag')?.items)?.anyOf?.[0]?.enum).toEqual(
      expect.arrayContaining(['VerifyMlagStatus', 'mlag-status']),
    )
    expect(schema.$defs?.VerifyMlagStatus?.type).toEqual(['object', 'null'])
    expect(schema.$defs?.VerifyBGPPeerCount?.type).toBe('object')
  })

  test('an unknown format exits 3 and says which there are', async () => {
    await warns(3, inProcess('schema worflow'), 'there is no file format `worflow`', 'did you mean `workflow`?')
  })
})
