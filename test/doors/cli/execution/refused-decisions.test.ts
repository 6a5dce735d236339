// @module-tag long
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  exits,
  fileText,
  json,
  type Lab,
  openLab,
  prints,
  shows,
  temporaryFolder,
  warns,
  workflowFor,
} from '../../../lab/lab.ts'

async function planned(lab: Lab = openLab()) {
  await lab.ok('plan workflow.yaml -o change.plan')
  return { lab, plan: JSON.parse(fileText(lab.dir, 'change.plan')) }
}

/** How many decisions are on record. */
async function decisions(lab: Lab) {
  const { out } = await lab.eosflow('audit list --code EF303 --json')
  return out.split('\n').filter((line) => line.includes('ApprovalDecided')).length
}

describe('an approval that nothing comes of is refused', () => {
  test('of a plan that was sealed under another install key, where it would be on record: it is not run here', async () => {
    const { plan } = await planned()
    const other = openLab()
    other.write('change.plan', JSON.stringify(plan))
    const approved = await warns(5, other.eosflow('approve change.plan'), 'nothing here vouches for this plan')
    expect(approved.out).not.toContain('approved')
    expect(await decisions(other)).toBe(0)
    await warns(0, other.eosflow('approve change.plan -o a.approval'), '! seal not checked')
    await warns(0, other.eosflow('reject change.plan'), '! seal not checked')
  })

  test('of an execution that has ended, whatever became of it; a plan that was only made may be approved by its execution', async () => {
    const { lab } = await planned()
    const { executions } = await json(lab.eosflow('plans --json'))
    await prints(
      0,
      lab.eosflow('approve', String(executions[0]?.id)),
      /\napproved [0-9a-f]{8} as .*\nNext: eosflow run workflow\.yaml\n$/,
    )
    await exits(0, lab.change())
    const before = await decisions(lab)
    const late = await warns(
      5,
      lab.eosflow('approve @latest'),
      /has ended \(succeeded\): there is nothing to approve\n {4}eosflow show \S+; to change something, plan it/,
    )
    expect(late.out).not.toContain('approved')
    expect(await decisions(lab)).toBe(before)
  })

  test('of a file whose approval is used already', async () => {
    const { lab } = await planned()
    await lab.ok('approve change.plan -o a.approval')
    await lab.ok('run change.plan --approval a.approval')
    const again = await warns(
      4,
      lab.eosflow('approve change.plan --import a.approval'),
      /the approval is used already, by \S+\n {4}Nothing more is approved by it/,
    )
    expect(again.out).not.toContain('approved')
  })
})

describe('a plan file with half of a surrogate pair is a problem of the file', () => {
  const HALVES = ['\\ud800', '\\udc00', '\\udbff\\ud800', 'x\\uDFFFy']

  test.each(HALVES)('%s', { tags: ['long', 'turn'] }, async (half) => {
    const { lab, plan } = await planned()
    const text = JSON.stringify(plan, null, 2).replace(/"name": "add-a-vlan"/, `"name": "add-a-vlan${half}"`)
    expect(text).toContain(half)
    lab.write('half.plan', text)
    for (const command of ['show', 'approve', 'run']) {
      await warns(3, lab.eosflow(command, 'half.plan'), /half\.plan:\d+:\d+: a text holds half of a surrogate pair/)
    }
  })

  test('and of a workflow', async () => {
    const lab = openLab()
    lab.write(
      'workflow.yaml',
      workflowFor('leaf1').replace('name: add-a-vlan', 'name: add-a-vlan\ndescription: "a \\ud800 b"'),
    )
    await warns(3, lab.eosflow('plan workflow.yaml'), /workflow\.yaml:2:14: a text holds half of a surrogate pair/)
  })
})

test('trusted keys behind a link that leads out of the project are refused by name, and not taken for none', {
  tags: ['long', 'turn'],
}, async () => {
  const outside = join(temporaryFolder(), 'allowed_signers')
  writeFileSync(outside, '')
  const policy = `version: 1
roles: { all: { members: ['kind:person'] } }
rules: [{ id: all, to: [all], allow: [plan.create, plan.read, plan.approve, execution.start, task.snapshot, task.plan, audit.read] }]
`
  for (const [target, text] of [
    [outside, undefined],
    [join(outside, 'nowhere'), undefined],
    [outside, policy],
  ] as const) {
    const { lab } = await planned()
    await lab.ok('approve change.plan -o a.approval')
    mkdirSync(join(lab.dir, 'trust'))
    symlinkSync(target, join(lab.dir, 'trust/allowed_signers'))
    if (text !== undefined) lab.write('policy.yaml', text)
    const asks = [
      ['approve change.plan'],
      ['approve change.plan --import a.approval'],
      ['run change.plan --approval a.approval'],
      ['approval verify a.approval --plan change.plan'],
      ['validate'],
      ...(text === undefined ? [] : [['plan workflow.yaml']]),
    ]
    for (const argv of asks) {
      const { code, err } = await lab.eosflow(...argv)
      expect([argv.join(' '), code, err.replaceAll(/\s+/g, ' ')]).toEqual([
        argv.join(' '),
        // Under a policy they belong to its digest: what was planned no longer reads as it did.
        argv[0]?.startsWith('run ') && text !== undefined ? 5 : 3,
        expect.stringContaining('trust/allowed_signers:1:1: the trusted keys cannot be read from inside the project'),
      ])
    }
  }
})

test('under a policy that denies it, `rollback` says nothing of the execution', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  await exits(0, lab.change())
  const { out: listed } = await lab.eosflow('executions --json')
  const ids = [...listed.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id)
  expect(ids).toHaveLength(1)
  lab.write(
    'policy.yaml',
    `version: 1\nroles: { nobody: { members: ['corp:group:nobody'] } }\nrules: [{ id: nobody, to: [nobody], allow: [execution.read] }]\n`,
  )
  expect((await lab.eosflow('rollback @latest -t leaf4')).err).toMatch(/no rule allows/)
  const { out, err } = await shows(4, lab.eosflow('rollback @latest'), /no rule allows .*execution\.start/)
  for (const id of ids) expect(out + err).not.toContain(id)
  expect(out + err).not.toMatch(/succeeded|has not ended|has changed/)
})

test('without the install key of its store a command makes none, and says what helps', async () => {
  const { lab } = await planned()
  const key = join(lab.dir, '.eosflow/install.key')
  const text = readFileSync(key, 'utf8')
  rmSync(key)
  let asked = 0
  for (const argv of [
    ['executions'],
    ['plan workflow.yaml'],
    ['approve change.plan'],
    ['audit list'],
    ['executions'],
  ]) {
    await warns(
      1,
      lab.eosflow(...argv),
      /the store is there, and the install key that it was made with is not\n {4}Put \S+install\.key back from a backup, or give its text in EOSFLOW_KEY\./,
    )
    expect(existsSync(key)).toBe(false)
    asked += 1
  }
  expect(asked).toBe(5)
  writeFileSync(key, text, { mode: 0o600 })
  await lab.ok('executions')
})
