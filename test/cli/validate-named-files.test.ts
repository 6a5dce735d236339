import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exits } from '../lab/exits.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

const SETTINGS = 'version: 1\n'
const devices = (way: string) =>
  `version: 1\ncredentials: { o: { username: u, password: '\${env:PASSWORD}' } }\ndevices:\n  leaf1: { host: 192.0.2.1, credentials: o, ${way} }\n`

test.each([
  ['tls: ca:', SETTINGS, devices('tls: { ca: certs/ca.pem }'), 'inventory.yaml:4:56'],
  [
    'ssh: knownHosts: that is strict',
    SETTINGS,
    devices('transport: ssh, ssh: { knownHosts: certs/ca.pem, hostKey: strict }'),
    'inventory.yaml:4:80',
  ],
  [
    'secrets: vault: ca:',
    "version: 1\nsecrets:\n  vault:\n    address: https://vault.example\n    login: { token: '${env:VAULT_TOKEN}' }\n    ca: certs/ca.pem\n",
    devices('port: 443'),
    'eosflow.yaml:6:9',
  ],
  [
    'http: ca:',
    "version: 1\nhttp: { key: '${env:K}', hosts: [{ origin: https://ipam.example, ca: certs/ca.pem }] }\n",
    devices('port: 443'),
    'eosflow.yaml:2:70',
  ],
])('[U20] validate misses the file that %s names', async (_, settings, inventory, place) => {
  const dir = temporaryFolder({ 'eosflow.yaml': settings, 'inventory.yaml': inventory })
  const missing = await exits(3, inProcess('validate', dir))
  expect(missing.stderr).toBe(
    `✖ ${place}: there is no file \`certs/ca.pem\` in the project\n    Check the path, which is from the folder of the project.\n1 problem: nothing was contacted.\n`,
  )
  mkdirSync(join(dir, 'certs'))
  writeFileSync(join(dir, 'certs/ca.pem'), '')
  expect((await inProcess('validate', dir)).stderr).toBe('')
})

test('[U20] validate takes a file of keys that is written at first sight', async () => {
  const dir = temporaryFolder({ 'eosflow.yaml': SETTINGS })
  for (const way of ['tls: { tofu: certs/pins }', 'transport: ssh, ssh: { knownHosts: certs/known_hosts }']) {
    writeFileSync(join(dir, 'inventory.yaml'), devices(way))
    expect((await inProcess('validate', dir)).stderr, way).toBe('')
  }
})
