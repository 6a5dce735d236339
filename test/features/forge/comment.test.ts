// @module-tag long
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FORGE_KINDS } from '../../../src/model/forge.ts'
import { exits, fileText, inProcess, warns } from '../../lab/lab.ts'
import type { Answer, Instead } from '../../project/execution/around/loopback-service.ts'
import { type FakeForge, startForge } from './fake-forge.ts'
import { ForgeWorld, PEOPLE } from './world.ts'

const MARK = '<!-- eosflow:plan -->'
let dir: string
let digests: readonly string[]

/** Two plans of one workflow, made without a switch. */
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'eosflow-comment-'))
  await exits(0, inProcess(['init', dir]))
  const made: string[] = []
  for (const vlan of ['140', '141']) {
    const file = `vlan${vlan}.plan`
    const args = [
      'plan',
      'workflows/add-vlan.yaml',
      '-p',
      `vlan=${vlan}`,
      '-p',
      'label=PROD',
      '--offline',
      'fabrics/dc1',
    ]
    await exits(0, inProcess([...args, '-o', file], dir))
    made.push(JSON.parse(fileText(dir, file)).digest)
  }
  digests = made
})

afterAll(() => rmSync(dir, { recursive: true, force: true }))

const on = (forge: FakeForge, ...more: readonly string[]) =>
  inProcess(['comment', forge.kind, forge.kind === 'github' ? '--pr' : '--mr', '7', ...more], dir, undefined, forge.env)

async function forgeWith(kind: (typeof FORGE_KINDS)[number], instead?: Instead) {
  const world = new ForgeWorld()
  world.pull(7)
  return startForge(kind, { world, ...(instead === undefined ? {} : { instead }) })
}

const commentsOn = ({ world }: FakeForge) =>
  (world.pulls.get(7)?.comments ?? []).map(({ id, body, author }) => ({ id, body, by: author?.login }))

/** The path of a request that writes a new comment. */
const CREATE = {
  github: 'POST /repos/acme/network/issues/7/comments',
  gitlab: 'POST /api/v4/projects/acme%2Fnetwork/merge_requests/7/notes',
}
const LIST = { github: CREATE.github.replace('POST', 'GET'), gitlab: CREATE.gitlab.replace('POST', 'GET') }

describe.each(FORGE_KINDS)('a comment on %s', (kind) => {
  test('is made once, left as it is, and shows the next plan in its place', async () => {
    const forge = await forgeWith(kind)
    const first = await on(forge, '--plan', 'vlan140.plan')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^created the comment plan: http.*\n$/)
    const [made] = commentsOn(forge)
    expect(made?.body.split('\n')[0]).toBe(MARK)
    expect(made?.body).toContain(digests[0])
    expect(made?.by).toBe('github-actions[bot]')
    expect((await on(forge, '--plan', 'vlan140.plan')).stdout).toMatch(/^unchanged /)
    expect((await on(forge, '--plan', 'vlan141.plan', '--json')).stdout).toBe(
      `${JSON.stringify({ version: 1, did: 'updated', name: 'plan', comment: made?.id, url: first.stdout.trim().split(': ')[1] })}\n`,
    )
    const [now, ...others] = commentsOn(forge)
    expect(others).toEqual([])
    expect(now?.id).toBe(made?.id)
    expect(now?.body).toContain(digests[1])
    expect(now?.body).not.toContain(digests[0])
    expect(forge.unpublished).toEqual([])
  })

  test('of another name, and a file of Markdown, are comments beside it', async () => {
    const forge = await forgeWith(kind)
    await on(forge, '--plan', 'vlan140.plan')
    await on(forge, '--text', 'eosflow.yaml', '--name', 'report')
    expect(commentsOn(forge).map(({ body }) => body.split('\n')[0])).toEqual([MARK, '<!-- eosflow:report -->'])
  })

  test('of another account is never touched, whatever mark it has', async () => {
    const forge = await forgeWith(kind)
    const pull = forge.world.pulls.get(7)
    if (pull === undefined) throw new Error('no pull request')
    forge.world.comment(pull, PEOPLE.mallory, `${MARK}\n${digests[1]}`)
    forge.world.comment(pull, undefined, `${MARK}\nof an account that is gone`)
    expect((await on(forge, '--plan', 'vlan140.plan')).stdout).toMatch(/^created /)
    expect(commentsOn(forge).map(({ by }) => by)).toEqual(['mallory', undefined, 'github-actions[bot]'])
    expect(commentsOn(forge)[0]?.body).toBe(`${MARK}\n${digests[1]}`)
  })

  test.each([99, 100, 250])('is found behind %i others', async (count) => {
    const forge = await forgeWith(kind)
    const pull = forge.world.pulls.get(7)
    if (pull === undefined) throw new Error('no pull request')
    for (let n = 0; n < count; n += 1) forge.world.comment(pull, PEOPLE.ada, `word ${n}`)
    expect((await on(forge, '--plan', 'vlan140.plan')).stdout).toMatch(/^created /)
    expect((await on(forge, '--plan', 'vlan140.plan')).stdout).toMatch(/^unchanged /)
    expect(commentsOn(forge)).toHaveLength(count + 1)
  })

  test.each(['reset-after', 'cut', '502'] as const)(
    'whose answer is lost (%s) is looked for, and no second one is made',
    async (fault) => {
      const forge = await forgeWith(kind, (what, nth) => (what === CREATE[kind] && nth === 1 ? fault : undefined))
      await exits(0, on(forge, '--plan', 'vlan140.plan'))
      expect(commentsOn(forge)).toHaveLength(1)
      expect(forge.seen.filter((what) => what === CREATE[kind])).toHaveLength(1)
    },
  )

  test('that never came is not called made, and the next run makes it', { tags: ['long', 'turn'] }, async () => {
    const forge = await forgeWith(kind, (what, nth) =>
      what === CREATE[kind] && nth === 1 ? 'reset-before' : undefined,
    )
    const ended = await on(forge, '--plan', 'vlan140.plan')
    expect(ended).toMatchObject({ code: 10, stdout: '' })
    expect(ended.stderr).toContain('its answer did not arrive')
    expect(commentsOn(forge)).toHaveLength(0)
    expect((await on(forge, '--plan', 'vlan140.plan')).stdout).toMatch(/^created /)
    expect(commentsOn(forge)).toHaveLength(1)
  })

  test('is not written where the forge leads elsewhere, and the token goes nowhere else', async () => {
    for (const what of [CREATE[kind], LIST[kind]]) {
      const forge = await forgeWith(kind, (asked) => (asked === what ? 'redirect' : undefined))
      const ended = await warns(
        10,
        on(forge, '--plan', 'vlan140.plan'),
        'leads to another address (307), which is not followed',
      )
      expect(forge.elsewhere()).toBe(0)
      expect(ended.stderr + ended.stdout).not.toContain(forge.world.token)
    }
  })

  test('is not written where a list says that its next page is elsewhere, or has a hole', {
    tags: ['long', 'turn'],
  }, async () => {
    const lists: readonly (readonly [Answer, string])[] = [
      [
        { status: 200, body: [], headers: { link: '<https://evil.example/x?page=2>; rel="next"' } },
        'at another address',
      ],
      [
        { status: 200, body: [], headers: { link: `<http://127.0.0.1:9${LIST[kind].slice(4)}?page=2>; rel="next"` } },
        'at another address',
      ],
      [{ status: 200, body: { comments: [] } }, 'it is no list'],
      [{ status: 200, text: '[{"id":' }, 'not of the form'],
    ]
    for (const [answer, said] of lists) {
      const forge = await forgeWith(kind, (asked) => (asked === LIST[kind] ? answer : undefined))
      await warns(10, on(forge, '--plan', 'vlan140.plan'), said)
      expect(commentsOn(forge)).toHaveLength(0)
    }
    expect(lists).toHaveLength(4)
  })

  test('needs a token that the forge takes, and never shows it', async () => {
    const forge = await forgeWith(kind)
    const env = { ...forge.env, GITHUB_TOKEN: 'not-the-token-123456', GITLAB_TOKEN: 'not-the-token-123456' }
    const args = ['comment', kind, kind === 'github' ? '--pr' : '--mr', '7', '--plan', 'vlan140.plan']
    const refused = await warns(10, inProcess(args, dir, undefined, env), 'it answers 401')
    expect(refused.stderr).not.toContain('not-the-token')
    const { GITHUB_TOKEN: _, GITLAB_TOKEN: __, ...without } = forge.env
    await exits(3, inProcess(args, dir, undefined, without))
  })
})

test('a job of GitHub names its account, since its token may not ask', async () => {
  const forge = await forgeWith('github')
  forge.world.mayAskSelf = false
  expect((await on(forge, '--plan', 'vlan140.plan')).stderr).toContain('Resource not accessible by integration')
  expect((await on(forge, '--plan', 'vlan140.plan', '--account', '41898282')).stdout).toMatch(/^created /)
  await warns(
    10,
    on(forge, '--plan', 'vlan141.plan', '--account', '5'),
    'the comment is of the account 41898282, and not of 5',
  )
})

test.each([
  [['github', '--plan', 'vlan140.plan'], 'exactly one pull request must be named'],
  [['gitlab', '--plan', 'vlan140.plan'], 'exactly one merge request must be named'],
  [['github', '--pr', '0', '--plan', 'vlan140.plan'], 'it is no number: 0'],
  [['github', '--pr', '7', '--repo', 'acme/x'], 'exactly one of --plan and --text is needed'],
  [
    ['github', '--pr', '7', '--plan', 'vlan140.plan', '--text', 'eosflow.yaml', '--repo', 'acme/x'],
    'exactly one of --plan and --text is needed',
  ],
  [['github', '--pr', '7', '--plan', 'vlan140.plan', '--name', 'a--b'], 'it cannot name a comment: a--b'],
  [['github', '--pr', '7', '--plan', 'vlan140.plan'], 'nothing says which repository is meant'],
  [['github', '--pr', '7', '--plan', 'vlan140.plan', '--repo', 'acme/../x'], 'it is no OWNER/REPO: acme/../x'],
  [
    ['github', '--pr', '7', '--plan', 'vlan140.plan', '--repo', 'acme/x', '--url', 'http://ghe.example/api/v3'],
    'in clear',
  ],
  [
    ['github', '--pr', '7', '--plan', 'vlan140.plan', '--repo', 'acme/x', '--url', 'https://u:p@ghe.example'],
    'no address of an API',
  ],
])('comment %j is refused before anything is sent', async (args, said) => {
  await warns(3, inProcess(['comment', ...args], dir, undefined, { GITHUB_TOKEN: 'forge-token-0123456789' }), said)
})

test('a text that is too long is cut at a line, with its fence closed, and says so', async () => {
  const forge = await forgeWith('github')
  const file = join(dir, 'long.md')
  const lines = Array.from({ length: 9000 }, (_, n) => `line ${n} of the report`)
  writeFileSync(file, ['# Report', '```', ...lines, '```'].join('\n'))
  await exits(0, on(forge, '--text', 'long.md'))
  const [{ body } = { body: '' }] = commentsOn(forge)
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000)
  expect(Buffer.byteLength(body)).toBeGreaterThan(59_000)
  const [end, , fence] = body.split('\n').reverse()
  expect(fence).toBe('```')
  expect(end).toMatch(/^\d{4} of 9003 lines are shown: the text is too long for a comment\.$/)
})
