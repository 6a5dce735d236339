import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Principal } from '../../../../src/model/principal.ts'
import { json, type Lab, openLab, prints, shows, warns } from '../../../lab/lab.ts'

const ALICE: Principal = { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os' }
const MALLORY: Principal = { issuer: 'local', id: 'local:1001:mallory@noc1', kind: 'person', auth: 'os' }
const AGENT: Principal = { issuer: 'corp', id: 'planner', kind: 'agent', auth: 'oidc' }

/** Alice may do everything, and so may agents as far as the built-in denials let them; Mallory may look. */
const POLICY = `version: 1
roles: { admin: { members: ['local:1000:alice@noc1'] } }
rules:
  - id: admins
    allow: [plan.create, plan.read, plan.approve, execution.start, execution.read, execution.stop, task.snapshot, task.plan, task.push,
            task.verify, task.confirm, task.rollback, audit.read, audit.export, policy.retire, clock.accept]
    to: [admin, 'kind:agent']
  - { id: readers, allow: [execution.read, audit.read], to: ['kind:person'] }
`

function policedLab() {
  const now: { who: Principal; machine: number } = { who: ALICE, machine: 0 }
  const seams: Parameters<typeof openLab>[0] = {
    seams: (given) => ({
      ...given,
      principal: now.who,
      clock: {
        now: () => given.clock.now() + now.machine,
        monotonic: () => given.clock.monotonic(),
        sleep: (milliseconds, signal) => given.clock.sleep(milliseconds, signal),
      },
    }),
  }
  return { now, seams }
}

const without = (lab: Lab) => rmSync(join(lab.dir, 'policy.yaml'))

describe('a store that has seen a policy', () => {
  test('[G88] [S7] demands it when the file is gone, of whoever it has kept from something as well', async () => {
    const { now, seams } = policedLab()
    const lab = openLab(seams)
    lab.write('policy.yaml', POLICY)
    now.who = MALLORY
    await lab.exits(4, 'run workflow.yaml --detach')
    without(lab)
    const asks = [
      ['plan workflow.yaml'],
      ['plan workflow.yaml --offline fabric'],
      ['run workflow.yaml --detach'],
      ['run workflow.yaml --break-glass INC-1'],
      ['snapshot take'],
      ['sessions gc'],
      ['audit list'],
      ['audit accept-clock --reason none'],
      ['policy explain task.push'],
    ]
    for (const argv of asks) {
      await warns(
        4,
        lab.eosflow(...argv),
        /this store was used under a policy \(policy\.yaml, [0-9a-f]{8}\), and the project has none any more/,
        /Put policy\.yaml back\. .*eosflow policy retire --reason TEXT/,
      )
    }
    expect(asks).toHaveLength(9)
    await prints(
      10,
      lab.eosflow('doctor -t leaf1'),
      /✖ this store needs the policy policy\.yaml \([0-9a-f]{8}\), and the file is gone/,
    )
  })

  test('[S7] is used without one once somebody has retired it whom it lets, and demands the next one that comes', async () => {
    const { now, seams } = policedLab()
    const lab = openLab(seams)
    lab.write('policy.yaml', POLICY)
    await lab.ok('plan workflow.yaml')
    expect((await lab.eosflow('policy retire --reason', 'too early')).err).toContain('what is there is in force')
    without(lab)
    now.who = MALLORY
    await warns(
      4,
      lab.eosflow('policy retire --reason', 'I want to'),
      /no rule allows .*policy\.retire[\s\S]*ask somebody whom it allows policy\.retire/,
    )
    now.who = AGENT
    expect((await lab.eosflow('policy retire --reason', 'I was asked to')).err).toContain('builtin-person-only')
    now.who = ALICE
    await lab.exits(3, 'policy retire')
    await prints(
      0,
      lab.eosflow('policy retire --reason', 'the lab needs none'),
      /^Retired: policy\.yaml \([0-9a-f]{8}, in force since 2026-\S+Z\); this store demands no policy any more\nNext: /,
    )
    now.who = MALLORY
    await lab.ok('plan workflow.yaml')
    await prints(
      0,
      lab.eosflow('audit list --code EF51'),
      /EF511I[\s\S]*EF510E[\s\S]*EF510E[\s\S]*EF513W .*alice@noc1 retired policy\.yaml .*the lab needs none · by admins/,
    )
    expect((await lab.eosflow('policy retire --reason again')).out).toBe(
      'Nothing to retire: this store demands no policy\n',
    )
    lab.write('policy.yaml', POLICY)
    await lab.ok('audit list')
    without(lab)
    await lab.exits(4, 'plan workflow.yaml')
  })

  test('asks the newest one that it has seen who may retire it', { tags: ['long', 'turn'] }, async () => {
    const { now, seams } = policedLab()
    const lab = openLab(seams)
    lab.write('policy.yaml', POLICY)
    await lab.ok('plan workflow.yaml')
    lab.write('policy.yaml', POLICY.replace('local:1000:alice', 'local:1001:mallory'))
    await lab.ok('audit list')
    without(lab)
    await lab.exits(4, 'policy retire --reason no')
    now.who = MALLORY
    await lab.ok('policy retire --reason yes')
    // Who may edit the policy can let themselves retire it: the exchange is seen by whoever verifies the record.
    const listed = await lab.eosflow('audit list --code EF51')
    const force = String.raw`in force since 2026-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z, in place of `
    expect(listed.out).toMatch(
      /EF511I .*policy\.yaml is in force: sha256:[0-9a-f]{64}, in place of sha256:[0-9a-f]{64}/,
    )
    expect(listed.out).toMatch(
      new RegExp(`EF513W .*mallory@noc1 retired policy\\.yaml \\(sha256:[0-9a-f]{64}, ${force}sha256:`),
    )
    await prints(
      0,
      lab.eosflow('audit verify'),
      new RegExp(
        `! record \\d+: local:1001:mallory@noc1 retired policy\\.yaml \\([0-9a-f]{8}, ${force}[0-9a-f]{8}\\): from there on without a policy`,
      ),
    )
    await lab.eosflow('audit export --format jsonl --to out.jsonl')
    expect((await json(lab.eosflow('audit verify out.jsonl --json'))).policyRetired).toMatchObject([
      { by: 'local:1001:mallory@noc1', file: 'policy.yaml', since: expect.any(String), before: expect.any(String) },
    ])
  })

  test('can be retired while its newest record is a year ahead, and the clock accepted afterwards', {
    tags: ['long', 'turn'],
  }, async () => {
    const { now, seams } = policedLab()
    const lab = openLab(seams)
    lab.write('policy.yaml', POLICY)
    now.machine = 365 * 86_400_000
    await lab.ok('audit export --format jsonl --to a.jsonl')
    now.machine = 0
    without(lab)
    await lab.ok('policy retire --reason', 'the lab needs none')
    await lab.exits(10, 'plan workflow.yaml')
    await lab.ok('audit accept-clock --reason', 'a wrong clock')
    await lab.ok('plan workflow.yaml')
  })
})

test('[G87] a policy that is deleted while a change is live: it is put back, and nothing more is sent', async () => {
  const { seams } = policedLab()
  const lab = openLab(seams)
  lab.write('policy.yaml', POLICY)
  await lab.killAt('arm-journalled')
  without(lab)
  expect(existsSync(join(lab.dir, 'policy.yaml'))).toBe(false)
  await shows(6, lab.eosflow('resume'), /this store was used under a policy/)
  expect(lab.whereIs('leaf1')).toBe('BEFORE')
  expect(lab.device('leaf1').switch.sessions.timer).toBeUndefined()
})
