import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { freePorts } from '../../free-ports.ts'
import { exits, fileText, inProcess, json, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { eosflow, newProject, pointInventoryAt, start } from './eosflow.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE'

describe('init', () => {
  test('writes a project and says what comes next', async () => {
    const dir = temporaryFolder()
    await prints(
      0,
      inProcess('init net', dir),
      '  + fabrics/dc1/, 7 files\n',
      'Project: 16 files created, 0 kept\nNext: cd net\n      eosflow validate\n      eosflow sim start fabrics/dc1 &\n',
    )
    expect(fileText(dir, 'net/.gitignore')).toBe('.eosflow/\n*.plan\n')
  })

  test('keeps what is there and names it', async () => {
    const dir = await newProject()
    writeFileSync(join(dir, 'inventory.yaml'), 'mine')
    await prints(
      0,
      inProcess('init', dir),
      '  = inventory.yaml (was there; kept)\n',
      'Project: 0 files created, 16 kept\nNext: eosflow validate\n',
    )
    expect(fileText(dir, 'inventory.yaml')).toBe('mine')
  })

  test('an editor knows the files at once, by schemas that Git ignores, and a clone has them by one command', async () => {
    const dir = await newProject()
    const schemas = readdirSync(join(dir, '.eosflow/schemas'))
    expect(schemas).toHaveLength(10)
    const settings = JSON.parse(fileText(dir, '.vscode/settings.json'))
    expect(Object.keys(settings['yaml.schemas'] ?? {})).toEqual(
      expect.arrayContaining(schemas.map((name) => `./.eosflow/schemas/${name}`)),
    )
    const git = (...argv: string[]) => execFileSync('git', argv, { cwd: dir, encoding: 'utf8' })
    git('init', '-q')
    git('add', '-A')
    const kept = git('ls-files').split('\n')
    expect(kept).toEqual(expect.arrayContaining(['.vscode/settings.json', '.vscode/extensions.json']))
    expect(kept.filter((path) => path.startsWith('.eosflow'))).toEqual([])
    rmSync(join(dir, '.eosflow'), { recursive: true })
    await exits(0, inProcess('schema --editor vscode', dir))
    expect(readdirSync(join(dir, '.eosflow/schemas'))).toEqual(schemas)
  })

  test('settings of an editor that are there stay byte for byte, and it is said who says what they lack', async () => {
    const dir = temporaryFolder({ '.vscode/settings.json': '{ // mine\n}\n' })
    await prints(
      0,
      inProcess('init', dir),
      '  = .vscode/settings.json (was there; kept)\n',
      '\n`eosflow schema --editor vscode` says what .vscode lacks to complete these files.\n',
    )
    expect(fileText(dir, '.vscode/settings.json')).toBe('{ // mine\n}\n')
    const { stdout: json } = await exits(0, inProcess('init --json', dir))
    expect(JSON.parse(json)).toMatchObject({ created: [], lacks: { extensions: [] } })
    expect(Object.keys((JSON.parse(json) as { lacks: { schemas: object } }).lacks.schemas)).toHaveLength(10)
  })

  test('a folder of an editor that is a link is not gone through, and the project is made all the same', async () => {
    const elsewhere = temporaryFolder()
    const dir = temporaryFolder()
    symlinkSync(elsewhere, join(dir, '.vscode'))
    const { stdout } = await warns(
      0,
      inProcess('init', dir),
      /^! no schemas for editors: \.?.*\.vscode: a folder cannot be made there, or it is a link\n$/,
    )
    expect(stdout).toContain('Project: 14 files created, 0 kept\n')
    expect(stdout).not.toContain('VS Code')
    expect(readdirSync(elsewhere)).toEqual([])
    await exits(0, inProcess('validate', dir))
  })

  test('adds workflows that are shipped to a project that is there, and touches nothing', async () => {
    const dir = await newProject()
    await warns(
      3,
      inProcess('plan workflows/rotate-user.yaml', dir),
      'this workflow is shipped, and not in the project\n    init adds it to a project: docs/first-workflow.md#the-bundled-workflows\n',
    )
    const { stdout } = await exits(
      0,
      inProcess('init --workflow rotate-user --workflow replace-config --workflow add-vlan', dir),
    )
    expect(stdout).toBe(`  + workflows/rotate-user.yaml
  + workflows/templates/user.j2
  + workflows/replace-config.yaml
  = workflows/add-vlan.yaml (was there; kept)
  = workflows/templates/vlan.j2 (was there; kept)
Next: eosflow validate workflows/rotate-user.yaml
`)
    expect(fileText(dir, 'workflows/templates/user.j2')).toContain('rotated.sha512')
    await warns(
      3,
      inProcess('init --workflow rotate-users', dir),
      'no workflow `rotate-users` is shipped\n    did you mean `rotate-user`?\n',
    )
    await warns(3, inProcess('init net --workflow rotate-user', dir), 'it is for a project that is there')
  })

  test('each workflow that is shipped can be added, with what it reads', { tags: ['long', 'turn'] }, async () => {
    const dir = await newProject()
    const shipped = readdirSync(new URL('../../../workflows/', import.meta.url)).flatMap((file) =>
      file.endsWith('.yaml') ? [file.slice(0, -5)] : [],
    )
    expect(shipped).toHaveLength(17)
    await exits(0, inProcess(['init', ...shipped.flatMap((name) => ['--workflow', name])], dir))
    for (const name of shipped) {
      const { stderr, stdout } = await inProcess(`validate workflows/${name}.yaml`, dir)
      expect(stderr + stdout, name).not.toMatch(/there is no such file.*templates/)
    }
  })

  test('a place where nothing can be written exits 3', async () => {
    const dir = temporaryFolder({ file: '' })
    await warns(3, inProcess('init file', dir), 'file: a project cannot be written here (')
  })

  test('the tags that the template asks are those of the switches', async () => {
    const dir = await newProject()
    const inventory = parseInventory(readFileSync(join(dir, 'inventory.yaml')), 'inventory.yaml')
    const devices = inventory.ok ? inventory.value.devices : []
    expect(devices).toHaveLength(6)
    for (const { name, tags } of devices) {
      const config = fileText(dir, `fabrics/dc1/${name}/running-config`)
      expect(config).toContain(`\nrouter bgp ${tags.asn}\n`)
      expect(config).toMatch(new RegExp(`\ninterface Loopback0\n(?:   .*\n)*   ip address ${tags.loopback}/32\n`))
    }
  })

  test('the project is valid, and its plan is computed with no switch', async () => {
    const dir = await newProject()
    await prints(0, inProcess('validate', dir), 'Valid: 5 files, 0 problems\n')
    await prints(
      2,
      inProcess(`plan ${CHANGE} --offline --detailed-exitcode`, dir),
      'Plan: 4 switches to change, 0 unchanged · +28 -0 lines',
      `Next: eosflow run ${CHANGE}\n`,
    )
  })

  test('its switches answer where its inventory looks for them, and take its change', {
    tags: ['long', 'turn'],
  }, async () => {
    const dir = await newProject()
    const names = ['spine1', 'spine2', 'leaf1', 'leaf2', 'leaf3', 'leaf4']
    const ports = await freePorts(names.length)
    pointInventoryAt(
      dir,
      names.map((name, index) => ({ name, http: { port: ports[index] ?? 0 } })),
    )
    const workflow = join(dir, 'workflows/add-vlan.yaml')
    const text = readFileSync(workflow, 'utf8').replace('stableFor: 30s', 'stableFor: 1s\n      every: 1s')
    writeFileSync(workflow, text)
    const sim = await start('sim start fabrics/dc1 --json', { cwd: dir })
    const { devices } = JSON.parse(sim.line) as { devices: { name: string; http: { port: number } }[] }
    expect(devices.map(({ name, http }) => [name, http.port])).toEqual(names.map((name, at) => [name, ports[at]]))

    const { digest } = await json(inProcess(`plan ${CHANGE} --json`, dir))
    await prints(0, eosflow(`run ${CHANGE} --approve ${digest}`, { cwd: dir }), 'succeeded · 4 switches: 4 confirmed')
    await exits(0, inProcess(`plan ${CHANGE} --detailed-exitcode`, dir))
    expect(await sim.stop()).toBe(0)
  })
})
