import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { fileText } from '../lab/files.ts'
import { json, type Lab, openLab, workflowFor } from '../lab/lab.ts'

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
  tags: 'long',
  timeout: 240_000,
}, async () => {
  let lies = false
  const lab = openLab({
    workflow: workflowFor('leaf1'),
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
