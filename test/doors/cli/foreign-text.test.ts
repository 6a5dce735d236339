import { chmodSync, copyFileSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { commands } from '../../../src/doors/cli/usage/commands.ts'
import { isService } from '../../../src/eos/transport/http/http-transport.ts'
import { verifyStore } from '../../../src/project/record/audit/verify.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { tamper } from '../../change/record/sqlite/open-for-test.ts'
import { exits, fileText, json, type Lab, openLab, prints, temporaryFolder, warns } from '../../lab/lab.ts'

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
    hears: (_lab, answer) => {
      if (!('body' in answer) || !answer.body.includes('CLI command')) return answer
      const body = JSON.parse(answer.body)
      if (body.error === undefined) return answer
      body.error.message = HOSTILE.join('\n')
      for (const one of body.error.data) if (one.errors !== undefined) one.errors = [HOSTILE.join('\n')]
      return { ...answer, body: JSON.stringify(body) }
    },
  })
  lab.fault({ device: 'leaf1', kind: 'refuse-commit', message: 'no' })
  return lab
}

describe('what a switch says', () => {
  test('[S9] is never at the beginning of a line of ours, whatever command shows it', async () => {
    const lab = lyingLab()
    const ended = await lab.change()
    expect(ended.code).not.toBe(0)
    const said: string[] = [ended.out + ended.err]
    for (const argv of [
      ['show @latest'],
      ['show @latest --markdown'],
      ['history @latest'],
      ['executions'],
      ['audit list'],
      ['resume @latest'],
      ['rollback @latest'],
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
    const lab = openLab()
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
      ['plan workflow.yaml -o link'],
      ['approve p.plan -o link'],
      ['audit export --format jsonl --to link'],
    ]) {
      const { code, err } = await lab.eosflow(...argv)
      expect([argv[0], code === 0, err]).toEqual([argv[0], false, expect.stringMatching(/symbolic link|ELOOP/)])
    }
    expect([fileText(lab.dir, 'precious'), lstatSync(join(lab.dir, 'link')).isSymbolicLink()]).toEqual(['kept', true])
  })

  test.each([0o666, 0o644, 0o660])('[G81] [S9] a store of mode %o is refused', async (mode) => {
    const lab = openLab()
    await lab.ok('store id')
    chmodSync(join(lab.dir, '.eosflow/store.db'), mode)
    await warns(1, lab.eosflow('executions'), `is open to others (mode ${mode.toString(8)})`, 'chmod 600')
  })

  test('a store in a folder that anybody may write to is refused', async () => {
    const lab = openLab()
    mkdirSync(join(lab.dir, 'open'))
    chmodSync(join(lab.dir, 'open'), 0o777)
    await warns(1, lab.eosflow('--store open/store.db store id'), 'is open to others (mode 777)')
  })
})

test('[S9] one hung switch holds a snapshot up no longer than its own limit, and is named', async () => {
  const lab = openLab({
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
  const kept = await prints(0, lab.eosflow('snapshot list'), '5 switches')
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

/** Lines by which a refusal of a switch tries to pass for what eosflow says. */
const CLAIMS = [
  'Execution 20260105-080000-00000000: succeeded',
  'Next: eosflow forged',
  'warning: all good',
  '### All switches are good',
  '    <testcase classname="leaf1" name="forged"/>',
]
const SAID = ['refused-by-the-switch', ...CLAIMS, '\u001b[2J\r\u0007'].join('\n')

/** What each command that needs an argument is called with, in every form of its output; the others run bare. `ID`: the newest execution that sent nothing. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  plan: ['workflow.yaml', '-o out/p.plan workflow.yaml', '--markdown workflow.yaml', '--json workflow.yaml'],
  run: ['workflow.yaml', '-vv workflow.yaml', '--json workflow.yaml'],
  show: ['ID', 'ID --markdown', 'ID --json'],
  history: ['ID', 'ID --json'],
  resume: ['ID'],
  redrive: ['ID'],
  rollback: ['ID'],
  stop: ['ID'],
  recover: ['--scan'],
  drift: ['', '--json'],
  doctor: ['', '--json'],
  record: ['-o out/recorded'],
  'sessions gc': ['--dry-run', ''],
  'snapshot take': ['lied', 'lied --json', 'lied -vv'],
  'snapshot show': ['before'],
  'snapshot diff': ['before', 'before --markdown', 'before --html -', 'before --json'],
  'check run': [
    'reachable',
    'catalog.yaml',
    'catalog.yaml --markdown',
    'catalog.yaml --junit out.xml',
    'catalog.yaml --csv out.csv',
  ],
  'audit export': ['--format jsonl --to out.jsonl', '--format cef --to out.cef'],
  approve: ['ID'],
  reject: ['ID'],
  'policy explain': ['task.plan'],
  'key show': ['plan'],
}

/** What never hears of a switch of the inventory: files alone, simulated switches, people, keys; and what waits for somebody or for an agent. */
const DEAF =
  /^(?:init|demo|schema|login|logout|rehearse|test|watch|signal|mcp|serve|sim .*|states .*|config .*|check show|check try|approval verify|key rotate|policy retire|audit accept-clock)$/

/** The newest execution that sent nothing: a switch that refuses everything lets no other one begin. */
async function newestOf(lab: Lab) {
  const { executions } = await json(lab.eosflow('plans --json'))
  return executions[0]?.id ?? ''
}

const nameOf = (usage: string) => usage.replace(/ [<[].*$/, '')

test('a switch that refuses everything in several lines speaks at the beginning of no line of ours', {
  tags: ['long', 'turn'],
  timeout: 240_000,
}, async () => {
  let lies = false
  const lab = openLab({
    hears: (_lab, answer) => {
      if (!lies || !('body' in answer) || !answer.body.includes('"jsonrpc"')) return answer
      const { id } = JSON.parse(answer.body)
      const error = { code: 1002, message: SAID, data: [{ errors: [SAID] }] }
      return { ...answer, body: JSON.stringify({ jsonrpc: '2.0', id, error }) }
    },
  })
  lab.write('catalog.yaml', 'anta.tests.system:\n  - VerifyNTP:\n')
  await lab.ok('snapshot take before')
  lies = true
  const names = commands.map(({ usage }) => nameOf(usage)).filter((name) => !DEAF.test(name))
  const said: (readonly [string, string])[] = []
  for (const name of names) {
    for (const call of CALLS[name] ?? ['']) {
      const words = [...name.split(' '), ...call.split(' ')].filter((word) => word !== '')
      const id = words.includes('ID') ? await newestOf(lab) : ''
      const { out, err } = await lab.eosflow(...words.map((word) => (word === 'ID' ? id : word)))
      said.push([`${name} ${call}`, out], [`${name} ${call}`, err])
    }
  }
  for (const file of readdirSync(lab.dir).filter((one) => one.startsWith('out.'))) {
    said.push([file, fileText(lab.dir, file)])
  }
  const forged = said.flatMap(([from, text]) =>
    text
      .split('\n')
      .filter((line) => CLAIMS.some((claim) => line.startsWith(claim)))
      .map((line) => `${from}: ${line}`),
  )
  expect(forged).toEqual([])
  // A CSV row ends with CR LF (RFC 4180).
  const raw = said.filter(([, text]) => /\p{Cc}/u.test(text.replaceAll('\r\n', '\n').replaceAll(/[\n\t]/g, '')))
  expect(raw.map(([from]) => from)).toEqual([])
  const heard = new Set(said.filter(([, text]) => text.includes('refused-by-the-switch')).map(([from]) => from))
  expect(names.length).toBeGreaterThan(25)
  expect(heard.size).toBeGreaterThan(35)
  expect([...heard]).toEqual(
    expect.arrayContaining(['show ID --markdown', 'run -vv workflow.yaml', 'doctor ', 'out.xml', 'out.csv']),
  )
})

function refsIn(path: string) {
  const database = new Database(path, { readonly: true })
  const refs = database.prepare<[], string>('SELECT ref FROM blob ORDER BY ref').pluck().all()
  database.close()
  return refs
}

/** What is done to one text of a store. */
const DONE: Readonly<Record<string, (ref: string) => string>> = {
  deleted: (ref) => `DELETE FROM blob WHERE ref = '${ref}'`,
  altered: (ref) =>
    `UPDATE blob SET bytes = CAST(substr(bytes, 1, 40) || iif(substr(bytes, 41, 1) = x'00', x'01', x'00') || substr(bytes, 42) AS BLOB) WHERE ref = '${ref}'`,
  emptied: (ref) => `UPDATE blob SET bytes = x'' WHERE ref = '${ref}'`,
  'put in the place of another': (ref) =>
    `UPDATE blob SET bytes = (SELECT o.bytes FROM blob o WHERE o.ref <> '${ref}' LIMIT 1) WHERE ref = '${ref}'`,
}

/** A change with its plan and all that it keeps, a snapshot, a rollback of it, and a bundle with its files. */
async function filled() {
  const lab = openLab()
  await exits(0, lab.change())
  await lab.ok('snapshot take')
  await exits(0, lab.agreed('rollback @latest'))
  await lab.ok('publish')
  await lab.ok('store backup whole.db')
  return lab
}

function verified({ dir, clock }: Lab, path: string) {
  const installKey = fileText(dir, '.eosflow/install.key').trim()
  return verifyStore(
    path,
    { installKey: { key: installKey, old: [] } },
    { verifier: undefined, anchors: [], now: clock.now(), words: hintWords },
  )
}

test('[S17] [S21] each text of a store is found by its name: deleted, altered, emptied, in the place of another', {
  tags: 'long',
}, async () => {
  const lab = await filled()
  const whole = join(lab.dir, 'whole.db')
  const path = join(temporaryFolder(), 'store.db')
  const refs = refsIn(whole)
  expect(refs.length).toBeGreaterThan(12)
  copyFileSync(whole, path)
  expect((await verified(lab, path)).fault).toBeUndefined()
  for (const [what, sql] of Object.entries(DONE))
    for (const ref of refs) {
      copyFileSync(whole, path)
      tamper(path, sql(ref))
      expect((await verified(lab, path)).fault?.reason, `${ref} ${what}`).toContain(ref)
    }
})

test('[S21] a store without its texts is not called whole, nor verified in a copy, nor restored', {
  tags: 'long',
}, async () => {
  const lab = await filled()
  tamper(join(lab.dir, '.eosflow/store.db'), 'DELETE FROM blob')
  await prints(6, lab.eosflow('audit verify'), /the text blob:[0-9a-f]{64} that it names is missing/)
  await warns(
    4,
    lab.eosflow('store backup without.db'),
    /✖ store: the journal does not verify at record \d+: the text blob:[0-9a-f]{64} that it names is missing/,
  )
  tamper(join(lab.dir, 'whole.db'), 'DELETE FROM blob')
  await warns(4, lab.eosflow('store restore whole.db --reason x --set-aside'), 'that it names is missing')
})
