import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { newProject } from './eosflow.ts'
import { exits, fileText, inProcess, json, prints, temporaryFolder, warns } from './in-process.ts'

const NAMES = [
  'workflow',
  'change',
  'inventory',
  'settings',
  'policy',
  'test',
  'fabric',
  'catalog',
  'invariants',
  'comply',
]

/** Files that a new project has none of, each by the format that it is of. */
const FURTHER: Readonly<Record<string, string>> = {
  'changes/2026/vlan.yaml': 'workflow: workflows/add-vlan.yaml\n',
  'policy.yaml': 'version: 1\nroles: {}\nrules: []\n',
  'checks.yaml': 'anta.tests.mlag:\n  - VerifyMlagStatus:\n',
  'comply.yaml': 'version: 1\n',
}

const INVARIANT = `invariants:
  - name: trunk-has-a-list
    each: interface {port}
    must: switchport trunk allowed vlan **
    because: a trunk without a list carries every VLAN
`

/** Whether a path fits globs as yaml-language-server reads them: in each folder, the last one that fits decides. */
function fits(globs: readonly string[], path: string) {
  const rule = (glob: string) =>
    new RegExp(
      `^(?:.*/)?${glob.replace(/[.]/g, '\\.').replace(/\*\*\/|\*/g, (found) => (found === '*' ? '[^/]*' : '(?:.*/)?'))}$`,
    )
  return globs.reduce(
    (is, glob) => (glob.startsWith('!') ? is && !rule(glob.slice(1)).test(path) : is || rule(glob).test(path)),
    false,
  )
}

test('each schema that an editor is given takes the files of a project that its globs find', {
  tags: ['long', 'turn'],
}, async () => {
  const dir = await newProject()
  for (const [path, text] of Object.entries(FURTHER)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  mkdirSync(join(dir, 'invariants'))
  writeFileSync(join(dir, 'invariants/own.yaml'), INVARIANT)
  writeFileSync(join(dir, '.github/workflows/more.yaml'), 'on: push\n')
  for (const folder of ['.eosflow', '.vscode']) rmSync(join(dir, folder), { recursive: true })
  const { stdout, stderr } = await exits(0, inProcess('schema --editor vscode --json', dir))
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    schemas: NAMES.map((name) => `.eosflow/schemas/${name}.json`),
    created: ['.vscode/settings.json', '.vscode/extensions.json'],
    kept: [],
    lacks: { schemas: {}, extensions: [] },
  })
  expect(statSync(join(dir, '.eosflow')).mode & 0o777).toBe(0o700)
  expect(fileText(dir, '.vscode/extensions.json')).toBe('{\n  "recommendations": [\n    "redhat.vscode-yaml"\n  ]\n}\n')
  const settings = JSON.parse(fileText(dir, '.vscode/settings.json')) as {
    'yaml.schemas': Readonly<Record<string, readonly string[]>>
  }
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path))
  const found: Record<string, readonly string[]> = {}
  for (const [path, globs] of Object.entries(settings['yaml.schemas'])) {
    // What yaml-language-server takes for a path from the folder that is open (utils/paths.ts).
    expect(path).toMatch(/^(((\.\.?)|([\w\-@. ]+))(\/|\\\\?))*[\w\-. ]*\.[\w-]+$/i)
    const name = /^\.\/\.eosflow\/schemas\/(.+)\.json$/.exec(path)?.[1] ?? ''
    const schema = JSON.parse(fileText(dir, path)) as { $id: string }
    expect(schema.$id).toBe(`urn:eosflow:schema:${name}:1`)
    expect(schema).toEqual(await json(inProcess(['schema', name])))
    const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
    found[name] = files.filter((file) => fits(globs, file)).sort()
    for (const file of found[name] ?? []) {
      validate(parse(fileText(dir, file)))
      expect([file, validate.errors ?? []]).toEqual([file, []])
    }
  }
  expect(found).toEqual({
    workflow: ['workflows/add-vlan.yaml'],
    change: ['changes/2026/vlan.yaml'],
    inventory: ['inventory.yaml'],
    settings: ['eosflow.yaml'],
    policy: ['policy.yaml'],
    test: ['tests/add-vlan.test.yaml'],
    fabric: ['fabrics/dc1/fabric.yaml'],
    catalog: ['checks.yaml'],
    invariants: ['invariants/own.yaml'],
    comply: ['comply.yaml'],
  })
})

test('settings of somebody stay as they are, and the lines to add are printed until they are there', async () => {
  const dir = await newProject()
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\ninventory: switches.yaml\npolicy: rules.yaml\n')
  rmSync(join(dir, '.vscode/extensions.json'))
  const own = '{\n  // Mine.\n  "editor.tabSize": 2\n}\n'
  writeFileSync(join(dir, '.vscode/settings.json'), own)
  const first = await prints(
    0,
    inProcess('schema --editor vscode', dir),
    `wrote 10 schemas into .eosflow/schemas
created .vscode/extensions.json
kept .vscode/settings.json: it is there already, and was not touched
Add to .vscode/settings.json:
  "yaml.schemas": {
    "./.eosflow/schemas/workflow.json": [
      "workflows/*.yaml",
`,
    '"./.eosflow/schemas/inventory.json": [\n      "switches.yaml"\n    ]',
    '"./.eosflow/schemas/policy.json": [\n      "rules.yaml"\n    ]',
  )
  expect(fileText(dir, '.vscode/settings.json')).toEqual(own)
  const lines = first.stdout.slice(first.stdout.indexOf('  "yaml.schemas"'))
  // As somebody formats it.
  const pasted = `{\n\t// Mine.\n\t"editor.tabSize": 2,\n${lines.replace(/\[\s+/g, '[').replace(/\s+\]/g, ']')}}\n`
  writeFileSync(join(dir, '.vscode/settings.json'), pasted)
  writeFileSync(join(dir, '.vscode/extensions.json'), '{ "recommendations": ["other.one"] }\n')
  writeFileSync(join(dir, '.eosflow/schemas/workflow.json'), 'of an older version')
  const second = await inProcess('schema --editor vscode', dir)
  expect(second.stdout).toBe(`wrote 10 schemas into .eosflow/schemas
kept .vscode/settings.json: it is there already, and was not touched
kept .vscode/extensions.json: it is there already, and was not touched
Add to .vscode/extensions.json:
  "recommendations": [
    "redhat.vscode-yaml"
  ]
`)
  expect(fileText(dir, '.eosflow/schemas/workflow.json')).toContain('urn:eosflow:schema:workflow:1')
})

test('what has no settings, and what names no format, is refused', async () => {
  const dir = await newProject()
  rmSync(join(dir, '.vscode'), { recursive: true })
  const refused = async (...words: readonly string[]) => {
    const { code, stderr } = await inProcess(['schema', ...words], dir)
    return [code, stderr]
  }
  expect(await refused('--editor', 'ed')).toEqual([3, expect.stringContaining('there are no settings for `ed`')])
  expect(await refused('workflow', '--editor', 'vscode')).toEqual([3, expect.stringContaining('it takes every schema')])
  expect(await refused()).toEqual([3, expect.stringContaining('One of: workflow, change, inventory, ')])
  expect(existsSync(join(dir, '.vscode'))).toBe(false)
  await warns(3, inProcess('schema --editor vscode', temporaryFolder()), 'eosflow.yaml')
})
