import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProject } from '../../../../src/project/files/project.ts'
import { InputError } from '../../../../src/project/system/process/input-error.ts'
import { hostIn, temporaryFolder } from '../../../lab/lab.ts'

const INVENTORY = `defaults: { credentials: a }
credentials: { a: { username: x, password: "\${env:PW}" } }
sources: [{ ansible: inv }]
`
const HOSTS = 'leaf1: { ansible_network_os: eos, ansible_host: 192.0.2.1 }'

/** What reading a project says whose inventory of Ansible has this in its folder. */
function said(put: (folder: string) => void) {
  const dir = temporaryFolder({
    'eosflow.yaml': 'version: 1\n',
    'inventory.yaml': INVENTORY,
    'inv/hosts.yml': `all: { hosts: { ${HOSTS} } }\n`,
  })
  put(join(dir, 'inv'))
  const host = hostIn(dir)
  try {
    return openProject(host, { project: dir })
      .inventory()
      .devices.map(({ name }) => name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.map(({ at, message }) => `${at.file}: ${message}`)
  }
}

test.each([
  ['a link that leads nowhere', (path: string) => symlinkSync('../missing', path)],
  ['a link to itself', (path: string) => symlinkSync('group_vars', path)],
  ['a file', (path: string) => writeFileSync(path, 'ntp: 192.0.2.9\n')],
])('group_vars that is %s is refused: no switch is without its variables in silence', (_, put) => {
  const refused = ['inv/group_vars: inv/group_vars is no folder, or may not be read']
  expect(said((folder) => put(join(folder, 'group_vars')))).toEqual(refused)
})

test('a folder without group_vars is an inventory, and so is one with them', () => {
  expect(said(() => undefined)).toEqual(['leaf1'])
  expect(said((folder) => mkdirSync(join(folder, 'group_vars')))).toEqual(['leaf1'])
})
