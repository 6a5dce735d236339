import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLab, shows } from '../lab/lab.ts'

test.each([
  ['is empty', '', 'certs/vault.pem holds no certificate of an authority for Vault'],
  [
    'holds something else',
    'the authority is on the other disk\n',
    'certs/vault.pem holds no certificate of an authority for Vault',
  ],
  ['is not there', undefined, 'the certificate authority of Vault cannot be read from certs/vault.pem'],
])('where the file of its authority %s, Vault is not believed for the sake of the system', async (_, text, says) => {
  const lab = openLab()
  writeFileSync(join(lab.dir, 'token'), 'hvs.not-a-real-token', { mode: 0o600 })
  lab.write(
    'eosflow.yaml',
    `version: 1\nsecrets: { vault: { address: "https://127.0.0.1:1", ca: certs/vault.pem, login: { token: "\${file:${lab.dir}/token}" } } }\n`,
  )
  if (text !== undefined) lab.write('certs/vault.pem', text)
  lab.write(
    'inventory.yaml',
    `credentials: { user: { username: admin, password: "\${vault:kv/data/net#password}" } }\ndevices: { leaf1: { host: 10.0.0.1, credentials: user } }\n`,
  )
  await shows(10, lab.eosflow('plan workflow.yaml'), says)
  expect(lab.fabric.device('leaf1').requests()).toEqual([])
})
