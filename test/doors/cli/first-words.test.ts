import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { exits, inProcess, openLab, prints, shows, temporaryFolder, warns } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

const PLAN = ['plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE']

/** Files of a folder, those of its folders too, by their path in it. */
const filesIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort()

test('[U25] a password that is not there is typed where no history keeps it', async () => {
  const lab = openLab()
  lab.write(
    'inventory.yaml',
    `version: 1
defaults: { protocol: http, credentials: operator }
credentials: { operator: { username: admin, password: '\${env:EOS_PW}' } }
devices: { leaf1: { host: 127.0.0.1, port: 1 } }
`,
  )
  const { out, err } = await shows(
    3,
    lab.eosflow('plan workflow.yaml'),
    'the environment variable EOS_PW is not set\n    inventory.yaml:3:26 reads it. Set it for this shell (read -rs EOS_PW && export EOS_PW), or name a file there (${file:/path}), then test it: eosflow doctor -t leaf1\n',
  )
  expect(out + err).not.toContain('EOS_PW=')
})

test('[U25] a selector that is typed has no line and column of a file', async () => {
  const dir = await newProject()
  await warns(
    3,
    inProcess([...PLAN, '-t', 'leaf1 and )', '--offline'], dir),
    /^✖ -t, character 11: a switch or tag is missing here\n/,
  )
  expect((await inProcess([...PLAN, '-t', ')', '--offline'], dir)).stderr).toMatch(
    /^✖ -t: a switch or tag is missing here\n/,
  )
})

test.each([
  ['settings and an inventory', ['eosflow.yaml', 'inv.yaml'], 'eosflow.yaml'],
  ['an inventory', ['inventory.yaml'], 'inventory.yaml'],
])('[U25] init adds nothing to a project of %s of one own', async (_, files, named) => {
  const dir = temporaryFolder()
  for (const file of files) {
    const text = file === 'eosflow.yaml' ? 'version: 1\ninventory: inv.yaml\n' : 'version: 1\ndevices: {}\n'
    writeFileSync(join(dir, file), text)
  }
  const { code, stdout, stderr } = await inProcess('init .', dir)
  expect([code, stdout, stderr]).toEqual([
    3,
    '',
    `✖ ${named}:1:1: there is a project already, and init adds its simulated switches to none
    Check what is there: eosflow validate. A new project beside it: eosflow init my-network
1 problem: nothing was contacted.
`,
  ])
  expect(filesIn(dir)).toEqual(files)
})

test('[U25] init completes a project that it has made, and only such a one', async () => {
  const dir = await newProject()
  const made = temporaryFolder()
  await exits(0, inProcess('init', made))
  rmSync(join(made, 'tests/add-vlan.test.yaml'))
  await prints(0, inProcess('init', made), 'Project: 1 file created, 15 kept\n')
  expect(existsSync(join(made, 'tests/add-vlan.test.yaml'))).toBe(true)
  rmSync(join(dir, 'tests/add-vlan.test.yaml'))
  writeFileSync(join(dir, 'inventory.yaml'), 'version: 1\ndevices: {}\n')
  await exits(3, inProcess('init', dir))
})

test('[U26] init names few things: what is simulated, and the lines to a first change', async () => {
  const dir = temporaryFolder()
  const { stdout } = await inProcess('init net', dir)
  expect(stdout).toBe(`  + eosflow.yaml
  + inventory.yaml
  + workflows/add-vlan.yaml
  + workflows/templates/vlan.j2
  + fabrics/dc1/, 7 files
  + tests/add-vlan.test.yaml
  + .github/workflows/network.yml
  + .gitignore
  + .vscode/, 2 files

Everything is simulated until inventory.yaml names your switches.
A run shows the exact change of each switch, and asks you before it makes it.
VS Code completes these files; in another clone it does once you have run \`eosflow schema --editor vscode\` there.

Project: 16 files created, 0 kept
Next: cd net
      eosflow validate
      eosflow sim start fabrics/dc1 &
      eosflow run workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE
`)
})

test('[U25] validate warns of a policy that nobody may take away: a store that has seen it is used under one for ever', async () => {
  const dir = await newProject()
  const rules = (acts: string) => `version: 1
rules:
  - { id: all, allow: [plan.create, baseline.set, notice.end${acts}], to: ["kind:person"] }
tests: []
`
  writeFileSync(join(dir, 'policy.yaml'), rules(''))
  await prints(
    0,
    inProcess('validate', dir),
    'policy.yaml:2:1: no rule allows `policy.retire`: once the store has seen this policy, nobody can go on without one',
    'add a rule for those who may: `{ id: retire, allow: [policy.retire], to: [ROLE] }`',
  )
  writeFileSync(join(dir, 'policy.yaml'), rules(', policy.retire'))
  expect((await inProcess('validate', dir)).stdout).not.toContain('policy.retire')
})

test.each(
  everyNth(2, 'acts that a policy lets nobody do', [
    [
      '',
      'policy.yaml:2:1: no rule allows `baseline.set` or `notice.end`: no snapshot becomes a baseline, no snapshot ends a notice',
      '{ id: baselines, allow: [baseline.set, notice.end], to: ["kind:person"] }',
    ],
    [
      ', notice.end',
      'policy.yaml:2:1: no rule allows `baseline.set`: no snapshot becomes a baseline',
      '{ id: baselines, allow: [baseline.set], to: ["kind:person"] }',
    ],
    [
      ', baseline.set',
      'policy.yaml:2:1: no rule allows `notice.end`: no snapshot ends a notice',
      '{ id: baselines, allow: [notice.end], to: ["kind:person"] }',
    ],
    [', baseline.set, notice.end', undefined, undefined],
  ]),
)(
  '[E3] validate names the acts of a snapshot that a policy lets nobody do: beside policy.retire%s',
  async (acts, says, mend) => {
    const dir = await newProject()
    const rule = `{ id: all, allow: [task.snapshot, policy.retire${acts}], to: ["kind:person"] }`
    // What is denied is allowed to nobody.
    const denied = '{ id: none, deny: [baseline.set, notice.end], to: ["kind:service"] }'
    writeFileSync(join(dir, 'policy.yaml'), `version: 1\nrules:\n  - ${rule}\n  - ${denied}\ntests: []\n`)
    const { stdout } = await exits(0, inProcess('validate', dir))
    if (says === undefined) expect(stdout).not.toContain('no rule allows')
    else expect([stdout.includes(says), stdout.replaceAll(/\s+/g, ' ').includes(mend)], stdout).toEqual([true, true])
  },
)

test('[U26] a word that is none of many is refused with the list once', async () => {
  const dir = await newProject()
  writeFileSync(
    join(dir, 'policy.yaml'),
    'version: 1\nrules:\n  - { id: all, allow: [everything], to: ["kind:person"] }\n',
  )
  const { stderr } = await warns(
    3,
    inProcess('validate', dir),
    '`rules[0].allow[0]` is none of the 29 words known here, but the text "everything"\n',
  )
  expect(stderr.split('`task.push`')).toHaveLength(2)
})

test('[U26] doctor says each problem of a file once', async () => {
  const dir = await newProject()
  writeFileSync(join(dir, 'inventory.yaml'), 'version: 1\ndevices: { leaf1: {} }\n')
  const { stdout } = await inProcess('doctor', dir)
  expect(stdout.split('✖ inventory.yaml:2:12: the key `host` is missing')).toHaveLength(2)
})

test('[U25] README and the page on Ansible put no password into the history of a shell', () => {
  for (const page of ['README.md', 'docs/from-ansible.md', 'docs/secrets.md', 'docs/inventory.md']) {
    const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8')
    expect(text.match(/^(?:\$ )?export [A-Z_]*(?:PASSWORD|_RW|_PW|TOKEN)[A-Z_]*=.*/gm), page).toBeNull()
  }
})

test('[U25] the page on installing says in three lines what is set behind a firewall', () => {
  const text = readFileSync(new URL('../../../docs/install.md', import.meta.url), 'utf8')
  expect(text).toMatch(
    /Behind\na firewall, where Node's headers cannot be fetched.*`include\/node`:\n`export npm_config_nodedir=\/usr`/,
  )
})

test('drift counts what is as a snapshot has it apart from what a change confirmed', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  await lab.ok('snapshot take base -t', 'leaf1 or leaf2')
  await exits(0, lab.change())
  await prints(
    0,
    lab.eosflow('drift -t', 'leaf1 or leaf2 or leaf3'),
    'Drift: 3 switches, 2 compared: 0 differ, 1 as confirmed, 1 as in a snapshot and confirmed by no change; 1 never confirmed\n',
  )
})

test('of many open executions the doctor names three, and counts the rest', { tags: ['long', 'turn'] }, async () => {
  const lab = openLab()
  for (let begun = 0; begun < 5; begun += 1) await lab.exits(12, 'run workflow.yaml --detach')
  const { out } = await prints(
    0,
    lab.eosflow('doctor'),
    /! 2 more executions have not ended\n.*eosflow executions --state open/,
  )
  expect(out.match(/! execution \S+ has not ended/g)).toHaveLength(3)
  expect(out.match(/has not ended\n.*eosflow show \S+/g)).toHaveLength(3)
})

test.skipIf(process.getuid?.() !== 0)(
  '[U26] who runs as root reads it where somebody asks who they are or decides, and at no other command',
  async () => {
    const lab = openLab()
    for (const argv of [['plan workflow.yaml'], ['executions']]) {
      const { out, err } = await exits(0, lab.agreed(...argv))
      expect(out + err).not.toContain('as root')
    }
    await exits(0, lab.agreed('plan workflow.yaml -o vlan.plan'))
    for (const decision of ['approve', 'reject']) {
      const { err } = await exits(0, lab.agreed(decision, 'vlan.plan'))
      expect(err.match(/^! running as root: the record names root, no person; use your own account$/gm)).toHaveLength(1)
    }
    await prints(
      0,
      lab.eosflow('doctor'),
      '! running as root: the record names root, no person; use your own account\n',
    )
    expect((await inProcess('whoami')).stderr).toBe(
      '! running as root: the record names root, no person; use your own account\n',
    )
  },
)
