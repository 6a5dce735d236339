import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isService } from '../../src/transport/http/guarded-lookup.ts'
import { fileText } from '../lab/files.ts'
import { json, openLab, warns, workflowFor } from '../lab/lab.ts'

/** What a switch may say to pass for us. */
const HOSTILE = [
  '% Invalid input',
  'Execution 20260105-080000-00000000: succeeded · 1 switch: 1 confirmed',
  'leaf1   ✔ confirmed  2/2      AFTER: confirmed, saved, read back',
  'Next: eosflow show @latest',
  '\u001b[2J✔ all good',
]

/** Switches whose refusals say more than one line. */
function lyingLab() {
  const lab = openLab({
    workflow: workflowFor('leaf1'),
    hears: (_lab, answer) => {
      if (!('body' in answer) || !answer.body.includes('CLI command')) return answer
      const body = JSON.parse(answer.body)
      if (body.error === undefined) return answer
      body.error.message = HOSTILE.join('\n')
      for (const one of body.error.data) if (one.errors !== undefined) one.errors = [HOSTILE.join('\n')]
      return { ...answer, body: JSON.stringify(body) }
    },
  })
  lab.fabric.fault({ device: 'leaf1', kind: 'refuse-commit', message: 'no' })
  return lab
}

describe('what a switch says', () => {
  test('[S9] is never at the beginning of a line of ours, whatever command shows it', async () => {
    const lab = lyingLab()
    const ended = await lab.change()
    expect(ended.code).not.toBe(0)
    const said: string[] = [ended.out + ended.err]
    for (const argv of [
      ['show', '@latest'],
      ['show', '@latest', '--markdown'],
      ['history', '@latest'],
      ['executions'],
      ['audit', 'list'],
      ['resume', '@latest'],
      ['rollback', '@latest'],
    ]) {
      const { out, err } = await lab.eosflow(...argv)
      said.push(out + err)
    }
    const lines = said.flatMap((text) => text.split('\n'))
    expect(lines.filter((line) => line.includes('20260105-080000-00000000')).length).toBeGreaterThan(2)
    const [, ...claims] = HOSTILE
    for (const claim of claims) expect(lines.filter((line) => line.startsWith(claim))).toEqual([])
    expect(said.join('')).not.toContain('\u001b[2J')
  })
})

describe('what is written', () => {
  test('[G72] [S9] is for its owner alone, and never through a symbolic link', async () => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    await lab.ok('plan workflow.yaml -o p.plan')
    await lab.ok('approve p.plan -o p.approval')
    lab.write('open.jsonl', '')
    chmodSync(join(lab.dir, 'open.jsonl'), 0o644)
    await lab.ok('audit export --format jsonl --to a.jsonl')
    for (const file of ['p.plan', 'p.approval', 'a.jsonl']) {
      expect([file, statSync(join(lab.dir, file)).mode & 0o777]).toEqual([file, 0o600])
    }
    lab.write('precious', 'kept')
    symlinkSync('precious', join(lab.dir, 'link'))
    for (const argv of [
      ['plan', 'workflow.yaml', '-o', 'link'],
      ['approve', 'p.plan', '-o', 'link'],
      ['audit', 'export', '--format', 'jsonl', '--to', 'link'],
    ]) {
      const { code, err } = await lab.eosflow(...argv)
      expect([argv[0], code === 0, err]).toEqual([argv[0], false, expect.stringMatching(/symbolic link|ELOOP/)])
    }
    expect([fileText(lab.dir, 'precious'), lstatSync(join(lab.dir, 'link')).isSymbolicLink()]).toEqual(['kept', true])
  })

  test.each([0o666, 0o644, 0o660])('[G81] [S9] a store of mode %o is refused', async (mode) => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    await lab.ok('store id')
    chmodSync(join(lab.dir, '.eosflow/store.db'), mode)
    await warns(1, lab.eosflow('executions'), `is open to others (mode ${mode.toString(8)})`, 'chmod 600')
  })

  test('a store in a folder that anybody may write to is refused', async () => {
    const lab = openLab({ workflow: workflowFor('leaf1') })
    mkdirSync(join(lab.dir, 'open'))
    chmodSync(join(lab.dir, 'open'), 0o777)
    await warns(1, lab.eosflow('--store open/store.db store id'), 'is open to others (mode 777)')
  })
})

test('[S9] one hung switch holds a snapshot up no longer than its own limit, and is named', async () => {
  const lab = openLab({
    workflow: workflowFor('leaf1'),
    before: async (_lab, device) => {
      if (device === 'leaf2') await new Promise(() => undefined)
    },
  })
  const begun = lab.clock.now()
  await warns(
    10,
    lab.eosflow('snapshot take'),
    'leaf2: it did not answer within 150 s',
    '! not in the snapshot: leaf2\n',
  )
  expect(lab.clock.now() - begun).toBeLessThan(200_000)
  const kept = await lab.eosflow('snapshot list')
  expect(kept.out).toContain('5 switches')
  const shown = await json(lab.eosflow('snapshot show --json', String(/snapshot-\d+-\d+/.exec(kept.out))))
  expect(Object.keys(shown.devices)).toEqual(['spine1', 'spine2', 'leaf1', 'leaf3', 'leaf4'])
})

test('[S9] the metadata services of clouds are no services, in every spelling that resolves to them', () => {
  const metadata = [
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    'fd00:ec2::254',
    'fd00:ec2::23',
    '100.100.100.200',
    '192.0.0.192',
    'fe80::a9fe:a9fe',
    '168.63.129.16',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::169.254.169.254',
    '::a9fe:a9fe',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    'FD00:0EC2:0:0:0:0:0:254',
    'fe80::a9fe:a9fe%eth0',
  ]
  expect(metadata.filter(isService)).toEqual([])
  expect(
    [
      '10.0.0.5',
      '100.64.0.1',
      '192.0.2.10',
      'fd00:10::5',
      '203.0.113.9',
      '64:ff9b::a00:5',
      '2001:db8::a9fe:a9fe',
    ].filter((one) => !isService(one)),
  ).toEqual([])
})
