import { describe, expect, test } from 'vitest'
import { inProcess } from './in-process.ts'

const REQUIRED: readonly (readonly [name: string, required: readonly string[]])[] = [
  ['workflow', ['name', 'targets', 'change']],
  ['inventory', ['devices']],
  ['settings', []],
  ['fabric', ['version', 'name', 'devices']],
  ['plan', ['version', 'digest', 'content', 'evidence']],
  ['policy', ['version']],
  ['test', ['version', 'cases']],
]

describe('schema', () => {
  test.each(REQUIRED)('%s is a JSON Schema whose keys an editor can complete', async (name, required) => {
    const { code, stdout } = await inProcess(['schema', name])
    expect(code).toBe(0)
    const schema = JSON.parse(stdout) as { $schema: string; properties: object; required?: string[] }
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect(schema.required ?? []).toEqual(expect.arrayContaining([...required]))
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining([...required]))
  })

  test('a workflow has one of its two forms, and an editor knows the fields of a state', async () => {
    const { stdout } = await inProcess(['schema', 'workflow'])
    const { oneOf, properties, $defs } = JSON.parse(stdout) as {
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

  test('an unknown format exits 3 and says which there are', async () => {
    const { code, stderr } = await inProcess(['schema', 'worflow'])
    expect(code).toBe(3)
    expect(stderr).toContain(
      'there is no file format `worflow`: workflow, inventory, settings, fabric, plan, policy, test',
    )
    expect(stderr).toContain('did you mean `workflow`?')
  })
})
