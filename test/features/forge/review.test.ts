// @module-tag long
import { execFileSync } from 'node:child_process'
import { renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FORGE_KINDS, type ForgeKind } from '../../../src/model/forge.ts'
import { everyNthOfLong } from '../../extent.ts'
import { exits, warns } from '../../lab/exits.ts'
import { policyOf, type ReviewedLab, reviewedLab, reviewersOf } from './reviewed-lab.ts'
import { commitOf, PEOPLE } from './world.ts'

const { ada, bob, carol, mallory } = PEOPLE

/** Whether the run has sent the change to a switch. */
async function sent({ lab }: ReviewedLab) {
  const { code } = await lab.eosflow('run change.plan --detach')
  const configured = lab.fabric.devices.some(({ switch: { config } }) =>
    JSON.stringify(config.running).includes('TESTED'),
  )
  return { code, sent: configured }
}

interface Row {
  readonly name: string
  /** What is done; without it bob approves the plan by its digest, and something is done before or after that. */
  readonly act?: (site: ReviewedLab) => unknown
  readonly before?: (site: ReviewedLab) => unknown
  readonly after?: (site: ReviewedLab) => unknown
  readonly said: string
  readonly only?: ForgeKind
  readonly more?: readonly string[]
  /** How the run of the plan ends then, where that is not for want of an approval. */
  readonly run?: number
}

const approves = ({ world, pull, digest }: ReviewedLab) => world.review(pull, bob, 'APPROVED', digest)

/** What is done on the forge, and why nothing counts then. Each begins with a plan that is shown on the pull request. */
const ROWS: readonly Row[] = [
  { name: 'nobody reviews', act: () => undefined, said: 'nobody has reviewed it' },
  {
    name: 'the author of the pull request approves',
    act: ({ world, pull, digest }) => world.review(pull, ada, 'APPROVED', digest),
    said: 'ada: has made the pull request',
  },
  {
    name: 'the author of a commit approves',
    before: ({ pull }) => pull.commits.push({ author: bob, email: 'BOB@example.org' }),
    said: 'bob: has written a commit of it',
  },
  {
    name: 'nobody knows whose the address in a commit is',
    before: ({ pull }) => pull.commits.push({ email: 'Someone@elsewhere.example' }),
    said: 'bob: nobody knows who has written a commit of it: someone@elsewhere.example is the address of no reviewer and of no author in trust/reviewers.yaml',
  },
  {
    name: 'nobody knows who has written what somebody known has committed',
    before: ({ pull }) =>
      pull.commits.push({ email: 'someone@elsewhere.example', by: ada, byEmail: 'ada@example.org' }),
    said: 'bob: nobody knows who has written a commit of it',
  },
  {
    name: 'a commit has no address at all',
    before: ({ pull }) => pull.commits.push({ email: '' }),
    said: 'bob: nobody knows who has written a commit of it: it has no address',
  },
  {
    name: 'somebody who is no reviewer approves',
    act: ({ world, pull, digest }) => world.review(pull, mallory, 'APPROVED', digest),
    said: 'mallory: no reviewer of the base branch',
  },
  {
    name: 'the reviewer only comments',
    act: ({ world, pull, digest }) => world.review(pull, bob, 'COMMENTED', digest),
    said: 'nobody has reviewed it',
  },
  {
    name: 'the review names no digest',
    act: ({ world, pull }) => world.review(pull, bob, 'APPROVED', 'looks good'),
    said: 'bob: names neither the digest',
  },
  {
    name: 'the review names the short digest',
    act: ({ world, pull, digest }) => world.review(pull, bob, 'APPROVED', digest.slice(0, 23)),
    said: 'bob: names neither the digest',
  },
  {
    name: 'the review names another digest',
    act: ({ world, pull }) => world.review(pull, bob, 'APPROVED', `sha256:${'ab'.repeat(32)}`),
    said: `bob: names another plan: sha256:${'ab'.repeat(32)}`,
  },
  {
    name: 'the review quotes another digest beside this one',
    act: ({ world, pull, digest }) =>
      world.review(pull, bob, 'APPROVED', `> sha256:${'cd'.repeat(32)}\n\nno, ${digest}`),
    said: 'bob: names another plan',
  },
  {
    name: 'the digest is written with letters that look alike',
    act: ({ world, pull, digest }) =>
      world.review(
        pull,
        bob,
        'APPROVED',
        digest.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
      ),
    said: 'bob: names neither the digest',
  },
  {
    name: 'the digest has a blank of no width in it',
    act: ({ world, pull, digest }) =>
      world.review(pull, bob, 'APPROVED', `${digest.slice(0, 40)}\u200b${digest.slice(40)}`),
    said: 'bob: names neither the digest',
  },
  {
    name: 'the digest is in capitals',
    act: ({ world, pull, digest }) => world.review(pull, bob, 'APPROVED', digest.toUpperCase()),
    said: 'bob: names another plan',
  },
  {
    name: 'the digest is one digit longer',
    act: ({ world, pull, digest }) => world.review(pull, bob, 'APPROVED', `${digest}0`),
    said: 'bob: names another plan',
  },
  {
    name: 'the review names a comment whose number begins like it',
    act: ({ world, pull, comment }) => world.review(pull, bob, 'APPROVED', `${comment()}9`),
    said: 'bob: names neither the digest',
  },
  {
    name: 'the reviewer asks for changes later',
    after: ({ world, pull }) => world.review(pull, bob, 'CHANGES_REQUESTED', 'wait'),
    said: 'bob: asks for changes',
  },
  {
    name: 'the review is dismissed',
    act: ({ world, pull, digest }) => world.dismiss(pull, world.review(pull, bob, 'APPROVED', digest)),
    said: 'bob: the review was dismissed',
    only: 'github',
  },
  {
    name: 'the approval is taken back',
    act: ({ world, pull, digest }) => world.dismiss(pull, world.review(pull, bob, 'APPROVED', digest)),
    said: 'nobody has reviewed it',
    only: 'gitlab',
  },
  {
    name: 'the review was before the last push',
    after: ({ world, pull }) => world.push(pull, commitOf('another')),
    said: 'bob: reviewed before the last push',
  },
  {
    name: 'the review was before the comment',
    act: async ({ world, pull, digest, show }) => {
      pull.comments.length = 0
      world.review(pull, bob, 'APPROVED', digest)
      await show()
    },
    said: 'and the plan is shown there since',
  },
  {
    name: 'somebody edits the comment',
    after: ({ world, pull }) => {
      const [comment] = pull.comments
      if (comment !== undefined) world.edit(comment, comment.body.replace('### eosflow plan', '### nothing to see'))
    },
    said: 'shows another plan, or was edited',
  },
  {
    name: 'somebody edits the comment and back again behind the review',
    after: ({ world, pull }) => {
      const [comment] = pull.comments
      if (comment === undefined) return
      const { body } = comment
      world.edit(comment, 'something else')
      world.edit(comment, body)
    },
    said: 'and the plan is shown there since',
  },
  {
    name: 'the comment is of another account',
    before: ({ pull }) => {
      const [comment] = pull.comments
      if (comment !== undefined) comment.author = mallory
    },
    said: 'has no comment `plan` of the account 41898282',
  },
  {
    name: 'the reviewer is removed from the file on the base branch',
    after: ({ world, forge }) =>
      world.branch('main', commitOf('main two'), { 'trust/reviewers.yaml': reviewersOf(forge.place, ['carol']) }),
    said: 'bob: no reviewer of the base branch',
  },
  {
    name: 'the base branch has no file of reviewers',
    after: ({ world }) => world.branch('main', commitOf('main two'), {}),
    said: 'the branch main has no trust/reviewers.yaml',
  },
  {
    name: 'the file of reviewers is for another repository',
    after: ({ world }) =>
      world.branch('main', commitOf('main two'), { 'trust/reviewers.yaml': reviewersOf('github.com/acme/other') }),
    said: 'is for forge:github.com/acme/other',
  },
  {
    name: 'the pull request changes the file of reviewers',
    before: ({ pull }) => pull.files.push({ path: 'trust/other.yaml', before: 'trust/reviewers.yaml' }),
    said: 'changes trust/reviewers.yaml: whoever it adds there would review it',
  },
  {
    name: 'the pull request goes into another branch',
    before: ({ world, pull, forge }) => {
      world.branch('mаin', commitOf('evil'), { 'trust/reviewers.yaml': reviewersOf(forge.place) })
      pull.base = 'mаin'
    },
    said: 'and not into main',
  },
  {
    name: 'the account of the reviewer has another login now',
    act: ({ world, pull, digest }) => world.review(pull, { id: 102, login: 'robert' }, 'APPROVED', digest),
    said: 'robert: the account 102 is called robert, and the reviewer of the base branch is 102, called bob',
  },
  {
    name: 'another account has taken the login of the reviewer',
    act: ({ world, pull, digest }) => world.review(pull, { id: 6666, login: 'bob' }, 'APPROVED', digest),
    said: 'bob: the account 6666 is called bob, and the reviewer of the base branch is 102, called bob',
  },
  {
    name: 'the review is on another pull request',
    act: ({ world, digest }) => world.review(world.pull(8), bob, 'APPROVED', digest),
    said: 'nobody has reviewed it',
  },
  {
    name: 'the withdrawal is on the second page',
    after: ({ world, pull }) => {
      for (let n = 0; n < 99; n += 1) world.review(pull, carol, 'COMMENTED', 'hm')
      world.review(pull, bob, 'CHANGES_REQUESTED', 'wait')
    },
    said: 'bob: asks for changes',
  },
  {
    name: 'the review is of an account that is gone',
    only: 'github',
    act: ({ world, pull, digest }) => {
      world.review(pull, bob, 'APPROVED', digest).user = undefined
    },
    said: 'nobody has reviewed it',
  },
  {
    name: 'the author of the pull request is gone',
    before: ({ pull }) => (pull.author = undefined),
    said: 'nobody knows who has made the pull request',
  },
  {
    name: 'it has so many commits that GitHub does not list all',
    only: 'github',
    before: ({ pull }) =>
      (pull.commits = Array.from({ length: 250 }, () => ({ author: ada, email: 'ada@example.org' }))),
    said: 'so some may be missing',
  },
  {
    name: 'the file of reviewers is a link, and the pull request changes what it leads to',
    before: ({ lab, pull }) => {
      renameSync(join(lab.dir, 'trust/reviewers.yaml'), join(lab.dir, 'people.yaml'))
      symlinkSync('../people.yaml', join(lab.dir, 'trust/reviewers.yaml'))
      pull.files.push({ path: 'people.yaml' })
    },
    said: 'is a symbolic link',
    // The policy that it was planned under cannot be read.
    run: 5,
  },
  {
    name: 'the settings are a link',
    before: ({ lab }) => {
      renameSync(join(lab.dir, 'eosflow.yaml'), join(lab.dir, 'settings.yaml'))
      symlinkSync('settings.yaml', join(lab.dir, 'eosflow.yaml'))
    },
    said: 'eosflow.yaml is a symbolic link, or lies behind one',
  },
  {
    name: 'the folder of trust is a link of git, in a checkout that has none',
    before: ({ lab }) => {
      const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: lab.dir, input: 'elsewhere' })
      const entry = `120000,${blob.toString().trim()},trust`
      execFileSync('git', ['update-index', '--add', '--cacheinfo', entry], { cwd: lab.dir })
    },
    said: 'trust is a symbolic link or a submodule in git',
  },
  {
    name: 'it changes the keys that sign',
    before: ({ pull }) => pull.files.push({ path: 'trust/allowed_signers' }),
    said: '#7 changes trust/allowed_signers',
  },
  {
    name: 'it puts a link in the place of the folder of trust',
    before: ({ pull }) => pull.files.push({ path: 'trust' }),
    said: '#7 changes trust',
  },
  {
    name: 'the commit that is named was brought by nobody',
    more: ['--merged', commitOf('strange')],
    said: 'request must be named',
  },
]

/** The policy of such a lab. */
const REVIEWED = policyOf('count: 1, from: [approver], notRequester: true, proof: [review]')

describe.each(FORGE_KINDS)('on %s (needs the git command)', (kind) => {
  const rows = ROWS.filter(({ only = kind }) => only === kind)

  test('the table has all its rows', () => {
    expect(rows.length).toBe(kind === 'github' ? 42 : 40)
  })

  test.each(everyNthOfLong(8, 'reviews that approve nothing', rows))(
    '[3A4] nothing is approved and nothing is sent: $name',
    async ({ before, act = approves, after, said, more = [], run = 12 }) => {
      const site = await reviewedLab(kind)
      await before?.(site)
      await act(site)
      await after?.(site)
      const approved = await site.approve(...more)
      expect(approved.err).toContain(said)
      expect([3, 4, 10]).toContain(approved.code)
      expect(approved.out).not.toContain('approved')
      expect(await sent(site)).toEqual({ code: run, sent: false })
      expect(approved.err + approved.out).not.toContain(site.world.token)
    },
  )

  test.each(['digest', 'comment'] as const)(
    'a review that names the %s is the approval of its reviewer, once',
    { tags: ['long', 'turn'] },
    async (what) => {
      const site = await reviewedLab(kind)
      const { world, pull, lab } = site
      world.review(pull, bob, 'APPROVED', `Fine: ${what === 'digest' ? site.digest : site.comment()}.`)
      const approved = await site.approve('--json')
      expect(approved.err).toBe('')
      expect(JSON.parse(approved.out)).toEqual({
        version: 1,
        decision: 'approve',
        plan: site.digest,
        pull: 7,
        approvers: ['bob'],
        others: [],
        enough: true,
      })
      // The same again is the same approval.
      await exits(0, site.approve())
      const { out } = await lab.eosflow('audit list --code EF303 --json')
      expect(out.match(/"nonce":/g)).toHaveLength(1)
      expect(await sent(site)).toEqual({ code: 0, sent: true })
      await warns(4, site.approve(), 'bob: the review is used already, by ')
      await lab.ok('audit verify')
      expect(site.forge.unpublished).toEqual([])
    },
  )

  test('whoever only writes is known by the file of reviewers of the base branch', async () => {
    const site = await reviewedLab(kind)
    const { world, pull, digest, forge, lab } = site
    pull.commits.push({ email: 'Dan@example.org' })
    world.review(pull, bob, 'APPROVED', digest)
    const known = `${reviewersOf(forge.place)}authors: [dan@EXAMPLE.org]\n`
    lab.write('trust/reviewers.yaml', known)
    expect((await site.approve()).err).toContain('nobody knows who has written a commit of it: dan@example.org is')
    world.branch('main', commitOf('main two'), { 'policy.yaml': REVIEWED, 'trust/reviewers.yaml': known })
    await lab.eosflow('plan workflow.yaml -o change.plan')
    await site.show()
    world.review(pull, bob, 'APPROVED', site.digest)
    await exits(0, site.approve())
    expect(await sent(site)).toEqual({ code: 0, sent: true })
  })

  test('the record says what was read', { tags: 'turn' }, async () => {
    const site = await reviewedLab(kind)
    const { world, pull, lab, forge } = site
    const review = world.review(pull, bob, 'APPROVED', site.digest)
    await exits(0, site.approve())
    const { out } = await lab.eosflow('audit export --format jsonl')
    const line = out.split('\n').find((one) => one.includes('"ApprovalDecided"')) ?? ''
    expect(line).toContain(`"issuer":"forge:${forge.place}"`)
    expect(line).toContain('"account":{"id":102,"login":"bob"}')
    expect(line).toContain(`"base":{"branch":"main","commit":"${commitOf('main one')}"}`)
    expect(line).toContain('"auth":"review"')
    if (kind === 'github')
      expect(line).toContain(`"review":{"at":"${review.at.replace('Z', '.000Z')}","id":"${review.id}"}`)
  })

  test('by the commit of its merge the pull request is found, and no other one', {
    tags: ['long', 'turn'],
  }, async () => {
    const site = await reviewedLab(kind)
    const { world, pull, lab } = site
    world.review(pull, bob, 'APPROVED', site.digest)
    const args = ['approve', 'change.plan', '--from-review', kind, '--merged']
    await warns(4, lab.eosflow(...args, commitOf('merge of 7')), 'was brought by no pull request')
    const commit = world.merge(pull)
    await lab.ok(...args, commit)
    const other = world.pull(8, { isMerged: true, mergeCommit: commitOf('merge of 8') })
    world.broughtBy.set(commitOf('merge of 8'), [7, 8])
    world.review(other, mallory, 'APPROVED', site.digest)
    expect((await lab.eosflow(...args, commitOf('merge of 8'))).err).toContain('has no comment `plan`')
  })

  test('a new plan needs a new review', { tags: ['long', 'turn'] }, async () => {
    const site = await reviewedLab(kind)
    const { world, pull, lab } = site
    world.review(pull, bob, 'APPROVED', site.digest)
    lab.write('workflow.yaml', (await readWorkflow(site)).replace('TESTED', 'TESTED2'))
    await lab.eosflow('plan workflow.yaml -o change.plan')
    await site.show()
    await warns(4, site.approve(), 'and the plan is shown there since')
    expect((await sent(site)).sent).toBe(false)
    world.review(pull, bob, 'APPROVED', site.digest)
    await exits(0, site.approve())
  })

  test('two are two people, and one is not enough for two', { tags: ['long', 'turn'] }, async () => {
    const site = await reviewedLab(kind, {
      approvals: 'count: 2, from: [approver], notRequester: true, proof: [review]',
    })
    const { world, pull } = site
    world.review(pull, bob, 'APPROVED', site.digest)
    const first = await site.approve()
    expect(first.out).toContain('Not enough yet, others must approve it too: 1 of 2')
    expect((await sent(site)).sent).toBe(false)
    world.review(pull, carol, 'APPROVED', site.digest)
    world.review(pull, mallory, 'APPROVED', site.digest)
    const second = await site.approve()
    expect(second.err).toContain('! this review does not count: mallory: no reviewer of the base branch')
    expect(second.out).toContain('as bob, carol, by review of #7')
    expect(await sent(site)).toEqual({ code: 0, sent: true })
  })

  test('it counts only where a rule says so', { tags: ['long', 'turn'] }, async () => {
    for (const approvals of ['count: 1, from: [approver]', 'count: 1, proof: [ssh, passkey, oidc]']) {
      const site = await reviewedLab(kind, { approvals })
      site.world.review(site.pull, bob, 'APPROVED', site.digest)
      await warns(4, site.approve(), 'no rule of the policy takes a review')
      expect((await sent(site)).sent).toBe(false)
    }
  })

  test('somebody whom the policy does not let approve has approved nothing', { tags: ['long', 'turn'] }, async () => {
    const policy = policyOf('count: 1, from: [approver], proof: [review]').replace(`'corp:sub:bob', `, '')
    const site = await reviewedLab(kind, { policy })
    site.world.review(site.pull, bob, 'APPROVED', site.digest)
    await exits(4, site.approve())
    expect((await sent(site)).sent).toBe(false)
  })

  test('a reviewer who is taken out of the file of the project afterwards has approved nothing', async () => {
    const site = await reviewedLab(kind)
    const { world, pull, lab, forge } = site
    world.review(pull, bob, 'APPROVED', site.digest)
    await exits(0, site.approve())
    lab.write('trust/reviewers.yaml', reviewersOf(forge.place, ['carol']))
    const ended = await lab.eosflow('run change.plan --detach')
    expect([4, 5]).toContain(ended.code)
  })

  test('the file of the project alone makes nobody a reviewer', { tags: ['long', 'turn'] }, async () => {
    const site = await reviewedLab(kind)
    const { world, pull, lab, forge } = site
    world.branch('main', commitOf('main two'), { 'trust/reviewers.yaml': reviewersOf(forge.place, ['carol']) })
    lab.write('trust/reviewers.yaml', reviewersOf(forge.place, ['bob']))
    world.review(pull, bob, 'APPROVED', site.digest)
    expect((await site.approve()).code).toBe(4)
    expect((await sent(site)).sent).toBe(false)
  })

  test('a list of reviews that is cut approves nothing', { tags: ['long', 'turn'] }, async () => {
    const list = kind === 'github' ? '/pulls/7/reviews' : '/merge_requests/7/notes'
    for (const fault of ['cut', 'malformed', 'other-form', 'redirect', '403', '500', 'huge'] as const) {
      let isArmed = false
      const site = await reviewedLab(kind, {
        instead: (what) => (isArmed && what.startsWith('GET') && what.endsWith(list) ? fault : undefined),
      })
      site.world.review(site.pull, bob, 'APPROVED', site.digest)
      isArmed = true
      await exits(10, site.approve())
      expect(site.forge.elsewhere()).toBe(0)
      expect((await sent(site)).sent).toBe(false)
    }
  })
})

async function readWorkflow({ lab }: ReviewedLab) {
  const { readFileSync } = await import('node:fs')
  return readFileSync(`${lab.dir}/workflow.yaml`, 'utf8')
}
