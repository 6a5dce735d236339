import { expect, test } from 'vitest'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { askSources } from '../../../src/project/switches/inventory/refresh-sources.ts'
import { PROD_FILE } from '../../change/roster/own-tree.ts'
import { ANN, inventoryOf, openLab } from '../../lab/lab.ts'

test('the front of a server reads an inventory whose vault a program opens, once the main thread has asked it', async () => {
  const bench = await openLab({
    prepare: (lab) => {
      lab.write('eosflow.yaml', "version: 1\nsecrets: { exec: { vp: { command: [/bin/echo, 'pw-two ü'] } } }\n")
      lab.write('inv/hosts.yml', 'all: { hosts: { leaf1: { ansible_network_os: eos, ansible_host: 127.0.0.1 } } }\n')
      lab.write('inv/group_vars/all.yml', PROD_FILE)
      const own = JSON.parse(inventoryOf(lab.fabric)) as object
      const sources = [{ ansible: 'inv', vault: { prod: `\${exec:vp}` } }]
      lab.write('inventory.yaml', JSON.stringify({ ...own, sources }))
    },
  }).serve()
  const ann = bench.browser(ANN)
  const before = await ann.get('/api/v1/switches')
  expect([before.status, before.text]).toEqual([422, expect.stringContaining('vault id `prod`: no password')])
  await askSources(bench.app, silentConsole())
  const { status, text } = await ann.get('/api/v1/switches')
  expect([status, text.includes('"leaf1"')]).toEqual([200, true])
})
