import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { json, netboxDevice, startNetbox, TOKENS } from '../app/inventory/device-service.ts'
import { exits, prints, warns } from '../lab/exits.ts'
import { fileText } from '../lab/files.ts'
import { onSimulated, ownAvd } from './avd-project.ts'
import { type Ended, eosflow } from './eosflow.ts'
import { inProcess } from './in-process.ts'

const WORKFLOW = `name: ntp
description: Time servers
targets: '*'
change: { mode: merge, lines: ['ntp server {{ device.vars.config_context.ntp[0] }}'] }
steps:
  - snapshot: { state: [interfaces] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 1m
      stableFor: 30s
      checks: [reachable]
  - confirm
onFailure: rollback
`

/** So many command lines are those of the built command. */
const BUILT = 3

const deviceOf = (name: string, id: number, ntp: string) =>
  netboxDevice(id, { name, config_context: { ntp: [ntp] }, comments: '' })

/** What is printed of how a command ended, in one line each. */
const said = ({ code, stderr }: Ended) => [code, stderr.split('\n').find((line) => line !== '') ?? '']

test('switches of a NetBox: what asks it, what does not, and what happens where it is away or gives half', {
  tags: ['long', 'turn'],
  timeout: 240_000,
}, async () => {
  const project = ownAvd()
  const { dir, bases } = project
  const names = [...bases.keys()]
  const state = { isAway: false, seen: 3 }
  const records = names.map((name, index) => deviceOf(name, index + 1, `192.0.2.${index + 1}`))
  const netbox = await startNetbox(records, {
    seen: (record) => (record as { readonly id: number }).id <= state.seen,
    misbehave: ({ response }, answer) => (state.isAway ? void json(response, 500, {}) : answer),
  })
  const outputs: Ended[] = []
  const run = async (...args: readonly string[]) => {
    const env = { NETBOX_TOKEN: TOKENS.v1 }
    // The built command asks the service, and reads what another process has kept of it; the rest is the same in this one.
    const isBuilt = outputs.length < BUILT
    const ended = isBuilt ? await eosflow(args, { cwd: dir, env }) : await inProcess(args, dir, undefined, env)
    outputs.push(ended)
    return ended
  }
  const asked = async (requests: number, ...args: readonly string[]) => {
    const before = netbox.seen.length
    const ended = await run(...args)
    expect([args.join(' '), netbox.seen.length - before]).toEqual([args.join(' '), requests])
    return ended
  }
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  writeFileSync(
    join(dir, 'inventory.yaml'),
    `sources:
  - netbox: { url: '${netbox.origin}', token: '\${env:NETBOX_TOKEN}', tags: { role: role.slug }, vars: [config_context] }
defaults: { credentials: operator }
credentials:
  operator: { username: admin, password: '\${env:EOSFLOW_PASSWORD}' }
devices: {}
`,
  )
  mkdirSync(join(dir, 'workflows'))
  writeFileSync(join(dir, 'workflows/deploy.yaml'), WORKFLOW)
  await onSimulated(project)

  // Nothing was asked yet, and what only looks at files asks nothing.
  await warns(3, asked(0, 'validate'), 'eosflow inventory refresh')
  await exits(0, asked(1, 'inventory', 'refresh'))
  expect(await asked(0, 'validate')).toMatchObject({ code: 0, stderr: '' })
  const listed = await asked(0, 'inventory', 'list', '--json')
  expect(JSON.parse(listed.stdout).switches).toMatchObject([
    { name: 'sp1', tags: { role: 'spine' }, host: '127.0.0.1' },
    { name: 'lf1', tags: { role: 'border-leaf' } },
    { name: 'lf2', tags: { role: 'leaf' } },
  ])

  // A plan asks anew, and reads what the service has of each switch.
  const planned = await prints(
    0,
    asked(1, 'plan', 'workflows/deploy.yaml'),
    'Plan: 3 switches to change',
    '  + ntp server 192.0.2.1  │ sp1\n  + ntp server 192.0.2.2  │ lf1\n  + ntp server 192.0.2.3  │ lf2\n',
  )

  // What the plan read has changed there since: exit 5, and what it is. What it did not read may change.
  await run('plan', 'workflows/deploy.yaml', '-o', 'p.plan')
  records[0] = deviceOf('sp1', 1, '192.0.2.99')
  await warns(
    5,
    run('run', 'p.plan', '--approve', /sha256:[0-9a-f]{64}/.exec(planned.stdout)?.[0] ?? ''),
    /sp1: .*vars\.config_context.*netbox http/,
  )
  records[0] = netboxDevice(1, { name: 'sp1', config_context: { ntp: ['192.0.2.1'], other: true }, comments: 'moved' })
  const waiting = await exits(12, run('run', 'p.plan', '--detach'))
  expect(waiting.stderr.includes('waiting for an approval')).toBe(true)

  // Away: exit 10, unless a person says how old the last answer may be.
  state.isAway = true
  expect(said(await run('plan', 'workflows/deploy.yaml'))).toEqual([
    10,
    expect.stringMatching(
      /^✖ inventory-source: netbox http:\/\/127\.0\.0\.1:\d+ answered 500; it says: \{\}; its last answer is .* old \(20/,
    ),
  ])
  await warns(0, run('plan', 'workflows/deploy.yaml', '--inventory-age', '24h'), 'answered 500')
  await exits(0, asked(0, 'validate'))

  // A token that sees one of three: exit 5, and what is kept remains.
  state.isAway = false
  state.seen = 1
  const fewer = await run('plan', 'workflows/deploy.yaml')
  expect(said(fewer)).toEqual([
    5,
    expect.stringMatching(/^✖ inventory-fewer: netbox .*: 1 hosts, 3 on 20\d\d-\d\d-\d\d; nothing of it is used$/),
  ])
  expect(fewer.stderr).toContain('--accept-fewer')
  expect(JSON.parse((await run('inventory', 'list', '--json')).stdout).switches).toHaveLength(3)
  await exits(0, run('inventory', 'refresh', '--accept-fewer'))

  expect(outputs.length).toBeGreaterThan(10)
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(TOKENS.v1)
  expect(fileText(dir, 'inventory.yaml')).not.toContain(TOKENS.v1)
})
