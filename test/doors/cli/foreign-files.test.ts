import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../../src/doors/cli/usage/commands.ts'
import { BUILT, exits, fileText, inProcess, prints, temporaryFolder, warns, writeFiles } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

const isRoot = process.getuid?.() === 0

/** Runs a command line for a user whose home is a folder of the test. */
const typed = (line: string, cwd: string, env: Readonly<Record<string, string>> = {}) =>
  inProcess(line.split(' '), cwd, undefined, { HOME: cwd, ...env })

/** A project in which every kind of file that is read is there. */
async function wholeProject() {
  const dir = await newProject()
  const write = (path: string, text: string) => writeFiles(dir, { [path]: text })
  write(
    'policy.yaml',
    `version: 1
rules: [{ id: all, allow: [plan.create, plan.read, execution.start, task.plan], to: ['kind:person', 'kind:service'] }]
`,
  )
  return dir
}

const OFFLINE = 'plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE --offline fabrics/dc1'

describe('[G75] what somebody else can change is not used', () => {
  test.each([
    ['the settings', 'eosflow.yaml', 0o666, 'validate'],
    ['the settings, by a group', 'eosflow.yaml', 0o664, 'validate'],
    ['the folder of the project', '.', 0o777, 'validate'],
    ['the inventory', 'inventory.yaml', 0o666, 'inventory list'],
    ['a workflow', 'workflows/add-vlan.yaml', 0o666, OFFLINE],
    ['the folder of the workflows', 'workflows', 0o777, OFFLINE],
    [
      'a template',
      'workflows/templates/vlan.j2',
      0o666,
      'plan workflows/templated.yaml -p vlan=140 --offline fabrics/dc1',
    ],
    [
      'what a template includes',
      'workflows/templates/part.j2',
      0o666,
      'plan workflows/templated.yaml -p vlan=140 --offline fabrics/dc1',
    ],
    ['the policy', 'policy.yaml', 0o666, 'policy explain plan.create'],
    ['the keys of those who approve', 'trust/allowed_signers', 0o666, 'policy explain plan.create'],
    ['the folder of those keys', 'trust', 0o777, 'policy explain plan.create'],
    ['an inventory of Ansible', 'ansible/hosts.yml', 0o666, 'inventory list'],
    ['variables of a group', 'ansible/group_vars/all.yml', 0o666, 'inventory list'],
    ['the folder of variables', 'ansible/group_vars', 0o777, 'inventory list'],
    ['an inventory beside the project', '../beside/hosts.yml', 0o666, 'inventory list'],
    ['a program of the inventory', 'scripts/list.sh', 0o777, 'inventory refresh'],
    ['a script that a program is given', 'scripts/secret.py', 0o666, 'inventory list'],
    ['a file that an option of a program names', 'scripts/options.cfg', 0o666, 'inventory list'],
    ['the authority of the database', 'scripts/db-ca.pem', 0o666, 'store check'],
    ['a test of a workflow', 'tests/add-vlan.test.yaml', 0o666, 'test --filter nothing-is-called-so'],
  ])('[S20] %s', async (_, path, mode, line) => {
    const around = temporaryFolder()
    const dir = join(around, 'project')
    renameSync(await wholeProject(), dir)
    lay(dir, path)
    // A group that this machine does not know.
    if (mode === 0o664) chownSync(join(dir, path), 0, 54321)
    if (path.startsWith('..')) writeFileSync(join(around, 'beside/eosflow.yaml'), 'version: 1\n')
    expect((await typed(line, dir)).stderr, 'before').not.toContain('trust project')
    chmodSync(join(dir, path), mode)

    const { stderr, stdout } = await warns(3, typed(line, dir), 'eosflow trust project')
    expect(`${stderr}${stdout}`).toContain(path === '.' ? dir : join(dir, path))
    expect((await typed(`trust project ${path.startsWith('..') ? '../beside' : '.'}`, dir)).stderr).toBe('')
    expect((await typed(line, dir)).stderr, 'afterwards').not.toContain('trust project')
  })
})

/** Has a project name a file, and writes that, where it has it not. */
function lay(dir: string, path: string) {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text, { mode: 0o755 })
  }
  if (path.includes('templates/')) {
    write('workflows/templates/part.j2', '   name PART\n')
    write('workflows/templates/vlan.j2', "vlan {{ vlan }}\n{% include 'part.j2' %}\n")
    write(
      'workflows/templated.yaml',
      'name: templated\nparams: { vlan: { type: integer } }\ntargets: role:leaf\nchange: { template: templates/vlan.j2 }\nsteps: [snapshot, plan, approve, push, { verify: { checks: [reachable] } }, confirm]\n',
    )
  }
  if (path.startsWith('trust')) write('trust/allowed_signers', '')
  if (path.startsWith('ansible/') || path.startsWith('../beside')) {
    const at = path.startsWith('ansible') ? 'ansible' : '../beside'
    write(`${at}/hosts.yml`, 'all: { hosts: { sw1: { ansible_host: 192.0.2.1, ansible_network_os: eos } } }\n')
    if (at === 'ansible') write('ansible/group_vars/all.yml', 'site: dc1\n')
    write('inventory.yaml', `version: 1\nsources: [{ ansible: ${at}/hosts.yml }]\ndevices: {}\n`)
  }
  if (path.startsWith('scripts/')) {
    write('scripts/list.sh', '#!/bin/sh\necho "{\\"version\\": 1, \\"devices\\": {}}"\n')
    write('scripts/secret.py', 'print("x")\n')
    write('scripts/options.cfg', 'x\n')
    write('scripts/db-ca.pem', 'no certificate\n')
    // Nobody listens on port 1.
    const store = path.endsWith('db-ca.pem')
      ? "store: 'postgres://eosflow@127.0.0.1:1/eosflow?sslmode=verify-full&sslrootcert=scripts/db-ca.pem'\n"
      : ''
    write(
      'eosflow.yaml',
      `version: 1
${store}inventory: { exec: { lister: { command: [${dir}/scripts/list.sh], env: [PATH] } } }
secrets: { exec: { pass: { command: [/usr/bin/env, scripts/secret.py, --config=scripts/options.cfg] } } }
`,
    )
  }
}

/** Commands that make a project, trust one, or start something that needs none. */
const STARTS = ['init', 'demo', 'trust project', 'sim start']

/** Where the commands of a forge look for the repository. */
const FORGES = { GITHUB_REPOSITORY: 'acme/network', CI_PROJECT_PATH: 'acme/network' }

/** Commands that read nothing of a project, and `doctor`, which tells it as one of its points. */
const WITHOUT: readonly string[] = [
  ...[
    'inventory read',
    'schema',
    'completion',
    'ci init',
    'signal',
    'check list',
    'check show',
    'doctor',
    'sim learn',
    'states run',
  ],
  ...['states validate', 'config diff', 'config merge', 'config normalize', 'config redact', 'approval verify'],
]

test('[S20] every command that reads a project refuses the settings of others, and starts no program of theirs', {
  tags: 'long',
}, async () => {
  const dir = await newProject()
  const marker = join(temporaryFolder(), 'was-run')
  const script = join(temporaryFolder(), 'mark.sh')
  writeFileSync(script, `#!/bin/sh\ntouch ${marker}\necho x\n`, { mode: 0o755 })
  const settings = join(dir, 'eosflow.yaml')
  writeFileSync(
    settings,
    `version: 1
inventory: { exec: { lister: { command: [${script}] } } }
secrets: { exec: { pass: { command: [${script}] } } }
`,
  )
  writeFileSync(
    join(dir, 'inventory.yaml'),
    "version: 1\nsources: [{ exec: lister }]\ncredentials: { o: { username: u, password: '${exec:pass}' } }\ndevices: { leaf1: { host: 127.0.0.1, credentials: o } }\n",
  )
  chmodSync(settings, 0o666)
  const without: string[] = []
  for (const { usage, example } of commands) {
    const name = usage.replace(/ [<[].*$/, '')
    if (STARTS.includes(name)) continue
    const [, line = ''] = /^eosflow (.*?)(?: [|>].*)?$/.exec(example) ?? []
    const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match.slice(1).join(''))
    const { code, stdout, stderr } = await inProcess(words, dir, undefined, { HOME: dir, ...FORGES })
    if (code !== 3 || !`${stdout}${stderr}`.includes('eosflow trust project')) without.push(name)
  }
  expect(existsSync(marker)).toBe(false)
  expect(without).toEqual(WITHOUT)
  expect(commands.length).toBeGreaterThan(80)
})

describe('the settings of a parent folder', () => {
  test.skipIf(!isRoot)(
    '[S20] are not used where they are those of another user, and what they name is not run',
    async () => {
      const above = temporaryFolder()
      chmodSync(above, 0o1777)
      writeFileSync(join(above, 'eosflow.yaml'), 'version: 1\n')
      chownSync(join(above, 'eosflow.yaml'), 54321, 54321)
      const below = join(above, 'mine')
      mkdirSync(below)

      const { stderr } = await exits(3, typed('drift', below))

      expect(
        stderr,
      ).toBe(`✖ ${above}/eosflow.yaml:1:1: belongs to another user (uid 54321). Nothing in ${above} is used: what is there says which programs run, and what is sent
    Give the files to one user. Or, if you trust all who can change them: eosflow trust project ${above}
1 problem: nothing was contacted.
`)
    },
  )

  test.skipIf(!isRoot)(
    '[S20] that are a pipe or a device of another user are refused before they are read',
    async () => {
      const above = temporaryFolder()
      chmodSync(above, 0o1777)
      const [below, settings] = [join(above, 'mine'), join(above, 'eosflow.yaml')]
      mkdirSync(below)
      execFileSync('mkfifo', [settings])
      chownSync(settings, 54321, 54321)
      // It is a process of its own: one that reads a pipe without a writer ends by SIGKILL alone.
      const command = [BUILT, 'drift']
      const { status, stderr } = spawnSync(process.execPath, command, {
        cwd: below,
        env: { PATH: process.env.PATH, HOME: above },
        encoding: 'utf8',
        timeout: 60_000,
        killSignal: 'SIGKILL',
      })
      expect([status, stderr]).toEqual([
        3,
        expect.stringContaining(`${settings}:1:1: belongs to another user (uid 54321).`),
      ])
    },
  )

  test.skipIf(!isRoot)('are used by root where whoever called sudo owns them, and by no other caller', async () => {
    const dir = await newProject()
    for (const path of ['.', 'eosflow.yaml', 'inventory.yaml']) chownSync(join(dir, path), 54321, 54321)
    await exits(0, typed('inventory list', dir, { SUDO_UID: '54321' }))
    await exits(3, typed('inventory list', dir, { SUDO_UID: '54322' }))
    await exits(3, typed('inventory list', dir))
  })

  test('may lie in a folder of others: it is the project that counts', async () => {
    const above = temporaryFolder()
    const dir = join(above, 'project')
    renameSync(await newProject(), dir)
    chmodSync(above, 0o777)
    if (isRoot) chownSync(above, 54321, 54321)
    await exits(0, typed('inventory list', dir))
  })
})

describe('a link', () => {
  test.skipIf(!isRoot)('of another user is not followed', async () => {
    const dir = await newProject()
    renameSync(join(dir, 'inventory.yaml'), join(dir, 'real.yaml'))
    symlinkSync('real.yaml', join(dir, 'inventory.yaml'))
    await exits(0, typed('inventory list', dir))
    lchownSync(join(dir, 'inventory.yaml'), 54321, 54321)
    await exits(3, typed('inventory list', dir))
  })

  test('is as good as what it leads through', async () => {
    const dir = await newProject()
    mkdirSync(join(dir, 'open'))
    renameSync(join(dir, 'inventory.yaml'), join(dir, 'open/real.yaml'))
    symlinkSync('open/real.yaml', join(dir, 'inventory.yaml'))
    await exits(0, typed('inventory list', dir))
    chmodSync(join(dir, 'open'), 0o777)
    await warns(3, typed('inventory list', dir), join(dir, 'open'))
  })
})

describe('[G75] links that lead to links', () => {
  /** A project whose inventory is a link to a link in a folder of its own, which leads back to the inventory. */
  async function chained() {
    const dir = await newProject()
    mkdirSync(join(dir, 'open'))
    renameSync(join(dir, 'inventory.yaml'), join(dir, 'real.yaml'))
    symlinkSync('../real.yaml', join(dir, 'open/second'))
    symlinkSync('open/second', join(dir, 'inventory.yaml'))
    await exits(0, typed('inventory list', dir))
    return dir
  }

  test('[S20] are as good as the folders in which they lie', async () => {
    const dir = await chained()
    chmodSync(join(dir, 'open'), 0o777)
    await warns(3, typed('inventory list', dir), join(dir, 'open'))
  })

  test.skipIf(!isRoot)('are each of somebody', async () => {
    const dir = await chained()
    lchownSync(join(dir, 'open/second'), 54321, 54321)
    await warns(3, typed('inventory list', dir), join(dir, 'open/second'))
  })

  test('of folders are as good as the folders in which they lie', async () => {
    const dir = await newProject()
    mkdirSync(join(dir, 'open'))
    mkdirSync(join(dir, 'real'))
    renameSync(join(dir, 'inventory.yaml'), join(dir, 'real/inventory.yaml'))
    symlinkSync('../real', join(dir, 'open/folder'))
    symlinkSync('open/folder/inventory.yaml', join(dir, 'inventory.yaml'))
    await exits(0, typed('inventory list', dir))
    chmodSync(join(dir, 'open'), 0o777)
    await warns(3, typed('inventory list', dir), join(dir, 'open'))
  })
})

describe('a kept answer of a source', () => {
  async function refreshed() {
    const dir = await newProject()
    mkdirSync(join(dir, 'scripts'))
    const list = '{"version": 1, "devices": {"sw9": {"host": "192.0.2.9"}}}'
    writeFileSync(join(dir, 'scripts/list.sh'), `#!/bin/sh\necho '${list}'\n`, { mode: 0o755 })
    writeFileSync(
      join(dir, 'eosflow.yaml'),
      `version: 1\ninventory: { exec: { lister: { command: [${dir}/scripts/list.sh], env: [PATH] } } }\n`,
    )
    writeFileSync(
      join(dir, 'inventory.yaml'),
      `version: 1
sources: [{ exec: lister }]
credentials: { o: { username: u, password: '\${env:P}' } }
defaults: { credentials: o }
devices: {}
`,
    )
    await exits(0, typed('inventory refresh', dir))
    await prints(0, typed('inventory list', dir), '192.0.2.9')
    const folder = join(dir, '.eosflow/inventory')
    const [name = ''] = readdirSync(folder)
    return { dir, kept: join(folder, name) }
  }

  test('[S20] is not used where others can change it', async () => {
    const { dir, kept } = await refreshed()
    chmodSync(kept, 0o666)
    const { code, stdout, stderr } = await typed('inventory list', dir)
    expect([code, stdout, stderr]).toEqual([3, '', expect.stringContaining(kept)])
  })

  test('is not used where others can change its folder', async () => {
    const { dir, kept } = await refreshed()
    chmodSync(dirname(kept), 0o777)
    await warns(3, typed('inventory list', dir), dirname(kept))
  })

  test.skipIf(!isRoot)('is not used where it is of another user', async () => {
    const { dir, kept } = await refreshed()
    chownSync(kept, 54321, 54321)
    await warns(3, typed('inventory list', dir), kept)
  })
})

describe('trust project', () => {
  test('is kept beside the user, not in the project, and is taken back', { tags: ['long', 'turn'] }, async () => {
    const [dir, home] = [await newProject(), temporaryFolder()]
    const as = (line: string) => typed(line, dir, { HOME: home })
    chmodSync(join(dir, 'eosflow.yaml'), 0o666)

    expect(await as('trust project')).toEqual({
      code: 0,
      stdout: `${dir} is trusted, with all that is in it: by you, on this machine\n`,
      stderr: '',
    })
    expect(JSON.parse(fileText(home, '.config/eosflow/trusted-folders.json'))).toEqual({
      version: 1,
      kind: 'eosflow.trusted-folders',
      folders: [{ dir, uid: process.getuid?.() }],
    })
    expect((await as('trust project')).stdout).toBe(`${dir} was trusted already\n`)
    await exits(0, as('inventory list'))
    await exits(3, typed('inventory list', dir, { HOME: temporaryFolder() }))
    expect((await as('trust project --remove')).stdout).toBe(`${dir} is trusted no longer\n`)
    await exits(3, as('inventory list'))
    expect((await as('trust project --remove')).stdout).toBe(`${dir} was not trusted\n`)
  })

  test('by a list that others can change says nothing', async () => {
    const [dir, home] = [await newProject(), temporaryFolder()]
    chmodSync(join(dir, 'eosflow.yaml'), 0o666)
    await typed('trust project', dir, { HOME: home })
    const list = join(home, '.config/eosflow/trusted-folders.json')
    chmodSync(list, 0o666)
    await warns(
      4,
      typed('inventory list', dir, { HOME: home }),
      `${list} can be changed by others: no folder is trusted by it`,
    )
  })

  test.each([
    ['a program', 'get.sh'],
    ['the folder of a program', '.'],
  ])('[S20] lets no link lead out of the folder: %s', async (_, open) => {
    const [dir, home, outside] = [await newProject(), temporaryFolder(), temporaryFolder()]
    const [ran, program] = [join(home, 'was-run'), join(outside, 'get.sh')]
    writeFileSync(
      program,
      `#!/bin/sh\ntouch ${ran}\necho '{"version": 1, "devices": {"sw9": {"host": "192.0.2.9"}}}'\n`,
      { mode: 0o755 },
    )
    symlinkSync(program, join(dir, 'get.sh'))
    writeFileSync(join(outside, 'eosflow.yaml'), 'version: 1\n')
    writeFileSync(
      join(dir, 'eosflow.yaml'),
      `version: 1\ninventory: { exec: { lister: { command: [${dir}/get.sh], env: [PATH] } } }\n`,
    )
    writeFileSync(
      join(dir, 'inventory.yaml'),
      "version: 1\nsources: [{ exec: lister }]\ncredentials: { o: { username: u, password: '${env:P}' } }\ndefaults: { credentials: o }\ndevices: {}\n",
    )
    chmodSync(dir, 0o777)
    await typed('trust project', dir, { HOME: home })
    chmodSync(join(outside, open), 0o777)
    const refresh = () => typed('inventory refresh', dir, { HOME: home })

    const { code, stderr } = await refresh()

    expect([code, existsSync(ran)]).toEqual([3, false])
    expect(stderr).toContain(`Or, if you trust all who can change them: eosflow trust project ${outside}\n`)
    await typed(`trust project ${outside}`, dir, { HOME: home })
    expect([(await refresh()).code, existsSync(ran)]).toEqual([0, true])
  })

  test.skipIf(!isRoot)('ends where the folder has another owner', async () => {
    const [dir, home] = [await newProject(), temporaryFolder()]
    chmodSync(join(dir, 'eosflow.yaml'), 0o666)
    await typed('trust project', dir, { HOME: home })
    chownSync(dir, 54321, 54321)
    await exits(3, typed('inventory list', dir, { HOME: home }))
  })

  test('of what is no folder is refused', async () => {
    await warns(3, typed('trust project nowhere', temporaryFolder()), 'there is no such folder')
  })
})
