import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProject } from '../../../../src/project/files/project.ts'
import { switchPage, switchPageJson } from '../../../../src/report/inventory/switch-list.ts'
import { hostIn, temporaryFolder } from '../../../lab/lab.ts'

test('a password of a login in clear text is removed from whatever leaves, also where a template has put it', () => {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
  const login = `defaults: { credentials: a }\ncredentials: { a: { username: x, password: "\${env:PW}" } }\n`
  writeFileSync(join(dir, 'inventory.yaml'), `${login}sources: [{ ansible: hosts.yml }]\n`)
  const vars = '{ ansible_network_os: eos, ansible_password: kestrel-77, line: "secret {{ ansible_password }}" }'
  writeFileSync(join(dir, 'hosts.yml'), `all: { hosts: { leaf1: ${vars} } }\n`)
  const host = hostIn(dir)
  const [leaf1] = openProject(host, { project: dir }).inventory().devices
  const text = JSON.stringify(switchPageJson(switchPage(leaf1 ?? expect.fail())))
  expect(text).toContain('"secret kestrel-77"')
  expect(host.scrubber.scrub(text)).not.toContain('kestrel')
  expect(host.scrubber.scrub(Buffer.from('kestrel-77').toString('base64'))).not.toContain('a2VzdHJlbC03Nw')
})
