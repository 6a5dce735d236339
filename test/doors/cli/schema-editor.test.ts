import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { exits, fileText, inProcess, json, temporaryFolder, warns } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

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

test('what has no settings, and what names no format, is refused', { tags: ['long', 'turn'] }, async () => {
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
