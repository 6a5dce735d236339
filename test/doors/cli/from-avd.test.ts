import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, fileText, inProcess, prints, temporaryFolder } from '../../lab/lab.ts'
import { deployed, onSimulated, ownAvd } from './avd-project.ts'

describe('init --from avd', () => {
  test('writes a project that reads the inventory where it is', async () => {
    const { dir } = ownAvd()
    const { stdout } = await exits(0, inProcess('init --from avd .', dir))
    expect(stdout).toBe(`  + eosflow.yaml
  + inventory.yaml
  + workflows/deploy.yaml
  + .gitignore

inventory.yml: 3 switches (\`FABRIC\`), 1 other host left out
Set EOSFLOW_PASSWORD: a login never comes from an inventory of Ansible.
Next: eosflow inventory list
      eosflow validate
      eosflow plan workflows/deploy.yaml
`)
    expect(fileText(dir, 'inventory.yaml')).toContain(`sources:
  - ansible: inventory.yml
    only: FABRIC
    tags: { role: type }
`)
    const listed = await inProcess('inventory list --json', dir)
    const { switches } = JSON.parse(listed.stdout)
    expect(switches).toEqual([
      {
        name: 'sp1',
        host: '192.0.2.11',
        port: 443,
        transport: 'eapi',
        credentials: 'operator',
        tags: { role: 'spine' },
        groups: ['FABRIC', 'SPINES'],
      },
      ...['lf1', 'lf2'].map((name, index) => ({
        name,
        host: `192.0.2.2${index + 1}`,
        port: 443,
        transport: 'eapi',
        credentials: 'operator',
        tags: { role: 'l3leaf' },
        groups: ['FABRIC', 'LEAVES'],
      })),
    ])
    expect(listed.stderr).toBe(`! group_vars/FABRIC.yml:4:19: ansible_password is in clear text; it is not used
    logins come from \`credentials\` of inventory.yaml; take it out here, or encrypt it with ansible-vault
`)
    const valid = await exits(0, inProcess('validate', dir))
    expect(valid.stderr.includes('in-clear')).toBe(false)
  })

  test('what it deploys is on the switches, a second plan has nothing to do, and nothing drifts', {
    tags: ['long', 'turn'],
  }, async () => {
    const project = ownAvd()
    await inProcess('init --from avd .', project.dir)
    await onSimulated(project)
    const { planned, run, again, drift } = await deployed(project)
    expect(planned).toContain('Plan: 3 switches to change, 0 unchanged · +9 -0 lines')
    expect([run.code, run.stdout.includes('succeeded · 3 switches: 3 confirmed')]).toEqual([0, true])
    expect([again.code, again.stdout.includes('0 switches to change, 3 unchanged')]).toEqual([0, true])
    expect([drift.code, drift.stdout.includes('3 switches, 3 compared: 0 differ, 3 as confirmed')]).toEqual([0, true])
  })

  test('nothing that is there is touched, and an inventory.yaml of Ansible is not taken for our own', async () => {
    const { dir } = ownAvd()
    renameSync(join(dir, 'inventory.yml'), join(dir, 'inventory.yaml'))
    writeFileSync(join(dir, '.gitignore'), 'mine\n')
    const before = fileText(dir, 'inventory.yaml')
    await prints(
      0,
      inProcess('init --from avd', dir),
      '  + switches.yaml\n',
      '  = .gitignore (was there; kept: add .eosflow/ and *.plan)\n',
    )
    expect(fileText(dir, 'inventory.yaml')).toBe(before)
    await exits(0, inProcess('validate', dir))
    const again = await exits(3, inProcess('init --from avd', dir))
    expect(again.stderr).toBe(
      '✖ eosflow.yaml:1:1: there is a project already\n    Add `sources:` to its inventory.\n1 problem: nothing was contacted.\n',
    )
  })

  test.each([
    ['a folder that is not there', ['init --from avd none'], '✖ none: there is no such folder'],
    ['a folder without an inventory', ['init --from ansible .'], '✖ .: no inventory of Ansible is found in it'],
    ['another tool', ['init --from netbox .'], '✖ .: `netbox` is no inventory that a project is made from'],
  ])('%s is refused and nothing is written', async (_, args, said) => {
    const dir = temporaryFolder()
    const { stderr } = await exits(3, inProcess(args, dir))
    expect(stderr.split('\n')[0]).toEqual(said)
    expect(existsSync(join(dir, 'eosflow.yaml'))).toBe(false)
  })

  test('without built configurations AVD has to build first', async () => {
    const { dir } = ownAvd()
    renameSync(join(dir, 'intended'), join(dir, 'elsewhere'))
    const { stderr } = await exits(3, inProcess('init --from avd .', dir))
    expect(stderr.split('\n')[0]).toBe('✖ .: it has no intended/configs/*.cfg')
  })
})

const PAGE = new URL('../../../docs/from-avd.md', import.meta.url)

const BLOCK = /^```console\n([\s\S]*?)^```$/gm

/** What differs from one run to the next: digests, ids, times, the order in which switches are done. */
function plain(text: string) {
  const lines = text
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replaceAll(/· [0-9a-f]{8}$/gm, '· …')
    .replaceAll(/local:\d+:\S+/g, 'local:you')
    .replaceAll(/bound to [0-9a-f]{8}/g, 'bound to …')
    .replaceAll(/\b\d{8}-\d{6}-[0-9a-f]{8}\b/g, 'EXECUTION')
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z\b/g, 'TIME')
    .replaceAll(/(since\s+)\d{4}-\d\d-\d\d/g, '$1DATE')
    .split('\n')
  return lines.filter((line) => !/not locked at the commit|configure lock/.test(line)).join('\n')
}

test('every command of the page prints what stands there', { tags: ['long', 'turn'], timeout: 120_000 }, async () => {
  const project = ownAvd()
  let digest = ''
  const outputOf = async (command: string) => {
    const [program, ...words] = command.split(' ')
    if (program === 'cat') return fileText(project.dir, words[0] ?? '')
    const typed = words.map((word) => (word === 'DIGEST' ? digest : word))
    const { stdout } = await inProcess(typed, project.dir)
    digest = /--approve (sha256:[0-9a-f]{64})/.exec(stdout)?.[1] ?? digest
    return stdout
  }
  const page = readFileSync(PAGE, 'utf8')
  let made = page
  let commands = 0
  for (const [block, body = ''] of page.matchAll(BLOCK)) {
    let text = ''
    for (const line of body.split('\n').filter((one) => one.startsWith('$ '))) {
      if (line.includes('eosflow plan') && commands < 6) await onSimulated(project)
      text += `${line}\n${plain(await outputOf(line.slice(2)))}`
      commands += 1
    }
    made = made.replace(block, () => `\`\`\`console\n${text}\`\`\``)
  }
  if (process.env.UPDATE_PAGES === '1') writeFileSync(PAGE, made)
  expect(commands).toBe(9)
  expect(page).toBe(made)
})
