import { describe, expect, test } from 'vitest'
import { inProcess } from './in-process.ts'

const REQUIRED: readonly (readonly [name: string, required: readonly string[]])[] = [
  ['workflow', ['name', 'targets', 'change', 'steps']],
  ['inventory', ['devices']],
  ['settings', []],
  ['fabric', ['version', 'name', 'devices']],
  ['plan', ['version', 'digest', 'content', 'evidence']],
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

  test('an unknown format exits 3 and says which there are', async () => {
    const { code, stderr } = await inProcess(['schema', 'worflow'])
    expect(code).toBe(3)
    expect(stderr).toContain('there is no file format `worflow`: workflow, inventory, settings, fabric, plan, test')
    expect(stderr).toContain('did you mean `workflow`?')
  })
})
