import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodedForms } from '../../../src/project/secret/encoded-forms.ts'
import { leaves, PROJECT_FILES } from '../../e2e/two-leaves.ts'
import { exits, fileText, openLab, type SocketLab, typed, warns } from '../../lab/lab.ts'
import { onTerminal } from './on-terminal.ts'

/** The password of every switch here, which is in no file. */
const TYPED = 'Can4ry-Typed-Pa55w0rd'
const RUN = ['run', 'workflows/add-vlan.yaml', '-p', 'vlan=120', '--ask-password'] as const
const FACTS = ['facts', '--ask-password'] as const
const APPROVE = 'Type yes to go on: '
const PASSWORD = 'Password of admin (person): '
const NO_SOURCE = { person: { username: 'admin' } }

/** Two leaves whose password is in nobody's inventory. */
async function bench(credentials: object = NO_SOURCE, env: Readonly<Record<string, string>> = {}) {
  const { fabric } = leaves(2)
  const made = await openLab({
    world: 'sockets',
    switches: { fabric: { ...fabric, credentials: { username: 'admin', password: TYPED } } },
    ...PROJECT_FILES,
    env,
  })
  const devices = made.fabric.devices.map(({ name, http: { host, port } }) => [
    name,
    { host, port, tags: { role: 'leaf' } },
  ])
  made.write(
    'inventory.yaml',
    JSON.stringify({
      defaults: { protocol: 'http', credentials: Object.keys(credentials)[0] },
      credentials,
      devices: Object.fromEntries(devices),
    }),
  )
  return made
}

/** A command line that a person sits at, with what was asked. */
async function sitting(made: SocketLab, argv: readonly string[], answers: readonly string[], env = {}) {
  const questions: string[] = []
  const ended = await typed(made.dir, argv, { answers, env, asks: (question) => questions.push(question) })
  return { ...ended, questions }
}

/** The files of a folder in which a text, or an encoding of it, is. `looked`: in how many bytes. */
function filesWith(dir: string, secret: string) {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(dir, file)).isFile(),
  )
  const contents = files.map((file) => [file, readFileSync(join(dir, file))] as const)
  const forms = [...encodedForms(secret)]
  return {
    found: contents.filter(([, bytes]) => forms.some((form) => bytes.includes(form))).map(([file]) => file),
    looked: contents.reduce((sum, [, bytes]) => sum + bytes.length, 0),
  }
}

describe('--ask-password at a terminal', () => {
  test('asks once for two switches, shows nothing of it, and leaves it nowhere', { tags: 'long' }, async () => {
    const made = await bench()
    const { screen } = await exits(
      0,
      onTerminal(made.dir, RUN, {
        answers: [
          [PASSWORD, String.raw`${TYPED}\r`],
          [APPROVE, String.raw`yes\r`],
        ],
      }),
    )
    expect(screen).toContain('succeeded · 2 switches: 2 confirmed')
    expect(screen.split(PASSWORD)).toHaveLength(2)
    expect([...encodedForms(TYPED)].filter((form) => screen.includes(form))).toEqual([])
    const { found, looked } = filesWith(made.dir, TYPED)
    expect(found).toEqual([])
    expect(looked).toBeGreaterThan(50_000)
  })

  test('shows no key of a password that is wrong', { tags: ['long', 'turn'] }, async () => {
    const made = await bench()
    const { screen } = await exits(
      10,
      onTerminal(made.dir, FACTS, {
        answers: [[PASSWORD, String.raw`Wr0ng-Pa55-typed\r`]],
      }),
    )
    expect(screen).toContain(`${PASSWORD}\r\n`)
    expect(screen).not.toContain('Wr0ng')
  })

  test.each([
    ['the end of the input', String.raw`\x04`, 3, 'no password was typed for the credential person'],
    ['an empty line', String.raw`\r`, 3, 'no password was typed for the credential person'],
    ['an interrupt', String.raw`\x03`, 11, 'stopped before a password was typed'],
  ])('%s contacts nothing', { tags: 'long' }, async (_name, types, expected, says) => {
    const made = await bench()
    const { screen } = await exits(expected, onTerminal(made.dir, FACTS, { answers: [[PASSWORD, types]] }))
    expect(screen).toContain(says)
    expect(made.fabric.devices.map(({ name }) => made.device(name).counters().requests)).toEqual([0, 0])
  })

  test('what was pasted before the question is no password', { tags: ['long', 'turn'] }, async () => {
    const made = await bench()
    const { screen } = await onTerminal(made.dir, FACTS, {
      pastes: String.raw`Pa5ted-line\n`,
      answers: [[PASSWORD, String.raw`${TYPED}\r`]],
    })
    expect(screen).toContain('What was typed before this question is not taken as its answer.')
    expect(screen).toContain('leaf2')
  })
})

describe('--ask-password', () => {
  test('asks for each credential without a login, once, and for no other', async () => {
    const made = await bench({
      person: { username: 'admin' },
      other: { username: 'admin' },
      kept: { username: 'admin', password: `\${env:KEPT}` },
    })
    const { questions } = await exits(0, sitting(made, FACTS, [TYPED, 'another-0ne'], { KEPT: TYPED }))
    expect(questions).toEqual([PASSWORD, 'Password of admin (other): '])
  })

  test('gives each credential its own password', async () => {
    const made = await bench({ person: { username: 'admin' }, other: { username: 'admin' } })
    await exits(10, sitting(made, FACTS, ['another-0ne', TYPED]))
  })

  test('says that there is nothing to ask', async () => {
    const made = await bench({ kept: { username: 'admin', password: `\${env:KEPT}` } })
    const { questions } = await warns(
      0,
      sitting(made, FACTS, [], { KEPT: TYPED }),
      '--ask-password: nothing is asked: each credential of the inventory has its source.',
    )
    expect(questions).toEqual([])
  })

  test.each([
    ['without a terminal', FACTS, undefined, 'there is no terminal to ask at'],
    ['with --detach', [...RUN, '--detach'], [TYPED], '--detach never asks'],
    ['by serve', ['serve', '--ask-password'], [TYPED], '`eosflow serve` logs in when nobody is at its terminal'],
    ['by worker', ['worker', '--ask-password'], [TYPED], '`eosflow worker` logs in when nobody is at its terminal'],
    ['by mcp', ['mcp', '--ask-password'], [TYPED], '`eosflow mcp` logs in when nobody is at its terminal'],
    [
      'by schedule run',
      ['schedule', 'run', '--ask-password'],
      [TYPED],
      '`eosflow schedule run` logs in when nobody is at its terminal',
    ],
  ])('[G134] is refused by name %s', async (_name, argv, answers, says) => {
    const made = await bench()
    const questions: string[] = []
    const { code, err } = await typed(made.dir, argv, {
      ...(answers === undefined ? {} : { answers }),
      asks: (question) => questions.push(question),
    })
    expect(err).toContain(says)
    expect(err).toContain('--ask-password')
    expect([code, questions]).toEqual([3, []])
    expect(made.fabric.devices.map(({ name }) => made.device(name).counters().requests)).toEqual([0, 0])
  })

  test('is named where a login has no source, at its place', async () => {
    const made = await bench()
    await warns(
      3,
      sitting(made, ['facts'], []),
      /inventory\.yaml:1:\d+: .*the credential `person` has neither a password nor a key/,
      'At a terminal --ask-password asks for it',
    )
  })

  test('is asked again by the resume of a change', { tags: ['long', 'turn'] }, async () => {
    const kept = { person: { username: 'admin', password: `\${env:KEPT}` } }
    const made = await bench(kept, { KEPT: TYPED })
    await exits(12, made.eosflow(...RUN.slice(0, -1), '--detach'))
    made.write('inventory.yaml', fileText(made.dir, 'inventory.yaml').replace(/,"password":"[^"]*"/, ''))
    const without = await exits(3, sitting(made, ['resume @latest'], ['yes']))
    expect(without.questions).toEqual([])
    const { questions } = await exits(0, sitting(made, ['resume @latest --ask-password'], [TYPED, 'yes']))
    expect(questions).toEqual([PASSWORD, `Approve this plan? ${APPROVE}`])
    expect(filesWith(made.dir, TYPED).found).toEqual([])
  })

  test('[G134] is refused where workers drive what is begun', async () => {
    const made = await bench()
    made.write('eosflow.yaml', 'version: 1\nstore: postgres://nobody@127.0.0.1:1/none\nworkers: { dispatch: dbos }\n')
    const { code, err, questions } = await sitting(made, FACTS, [TYPED])
    expect(err).toContain('the settings have workers drive changes')
    expect([code, questions]).toEqual([3, []])
  })
})
