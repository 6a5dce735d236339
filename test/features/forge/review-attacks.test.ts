// @module-tag long
import { describe, expect, test } from 'vitest'
import { FORGE_KINDS } from '../../../src/model/forge.ts'
import { everyNthOfLong } from '../../extent.ts'
import { warns, whileTimePasses } from '../../lab/lab.ts'
import type { Instead } from '../../project/execution/around/loopback-service.ts'
import { policyOf, type ReviewedLab, reviewedLab, reviewersOf } from './reviewed-lab.ts'
import { commitOf, PEOPLE } from './world.ts'

const { ada, bob, carol } = PEOPLE

/** Whether the run has sent the change to a switch. */
async function isSent({ lab }: ReviewedLab) {
  await lab.eosflow('run change.plan --detach')
  return lab.fabric.devices.some(({ switch: { config } }) => JSON.stringify(config.running).includes('TESTED'))
}

/** Requires that no review is an approval, and why; nothing is sent. */
async function expectNone(site: ReviewedLab, said: string, ...more: readonly string[]) {
  const { out } = await warns(4, site.approve(...more), said)
  expect(out).not.toContain('approved')
  expect(await isSent(site)).toBe(false)
}

describe.each(everyNthOfLong(2, 'forges whose reviews are attacked', FORGE_KINDS))(
  '[G132] on %s (needs the git command)',
  (kind) => {
    const lists = kind === 'github' ? '/pulls/7/reviews' : '/merge_requests/7/approvals'

    test('a comment that is edited before the review, while both are read, shows this plan to nobody', async () => {
      let act: (() => void) | undefined
      const instead: Instead = (what) => {
        if (what.startsWith('GET') && what.endsWith(lists)) act?.()
        return undefined
      }
      const site = await reviewedLab(kind, { instead })
      const { world, pull } = site
      act = () => {
        act = undefined
        const [comment] = pull.comments
        if (comment === undefined) return
        world.edit(comment, comment.body.replace(site.digest, `sha256:${'ab'.repeat(32)}`))
        world.review(pull, bob, 'APPROVED', `Fine: ${site.comment()}`)
      }
      await expectNone(site, 'shows another plan, or was edited')
    })

    test.each([
      [
        'is pushed to',
        (pull: ReviewedLab['pull'], world: ReviewedLab['world']) => world.push(pull, commitOf('pushed meanwhile')),
      ],
      ['goes into another branch', (pull: ReviewedLab['pull']) => Object.assign(pull, { base: 'elsewhere' })],
      ['is closed', (pull: ReviewedLab['pull']) => Object.assign(pull, { isClosed: true })],
    ])(
      'a pull request that %s while its reviews and its comment are read is approved by nobody',
      { tags: 'long' },
      async (_, change) => {
        let act: (() => void) | undefined
        const instead: Instead = (what) => {
          if (
            what.startsWith('GET') &&
            what.endsWith(kind === 'github' ? '/issues/7/comments' : '/merge_requests/7/notes')
          )
            act?.()
          return undefined
        }
        const site = await reviewedLab(kind, { instead })
        const { world, pull, digest } = site
        world.review(pull, bob, 'APPROVED', digest)
        act = () => {
          act = undefined
          change(pull, world)
        }
        await expectNone(site, '#7 was changed while it was read')
      },
    )

    test('whoever has committed what somebody else has written reviews none of it', async () => {
      const site = await reviewedLab(kind)
      const { world, pull, digest } = site
      pull.commits.push({ author: ada, email: 'ada@example.org', by: bob, byEmail: 'bob@example.org' })
      world.review(pull, bob, 'APPROVED', digest)
      await expectNone(site, 'bob: has written a commit of it')
    })

    test('a pull request that was closed and not merged is approved by nobody', async () => {
      const site = await reviewedLab(kind)
      const { world, pull, digest } = site
      world.review(pull, bob, 'APPROVED', digest)
      pull.isClosed = true
      await expectNone(site, '#7 is closed, and not merged')
    })

    test.each(['policy.yaml', 'eosflow.yaml'])(
      'a pull request that changes %s is approved by nobody',
      { tags: 'long' },
      async (path) => {
        const site = await reviewedLab(kind)
        const { world, pull, digest } = site
        pull.files.push({ path })
        world.review(pull, bob, 'APPROVED', digest)
        await expectNone(site, `changes ${path}`)
      },
    )

    test('a policy that is not the one of the base branch lets nobody approve', {
      tags: 'long',
    }, async () => {
      const reviewers = (place: string) => ({ 'trust/reviewers.yaml': reviewersOf(place) })
      for (const [files, said] of [
        [
          { 'policy.yaml': policyOf('count: 2, from: [approver], proof: [ssh]') },
          'main:policy.yaml is not that of the project',
        ],
        [{}, 'the branch main has no policy.yaml'],
      ] as const) {
        const site = await reviewedLab(kind)
        const { world, pull, digest, forge } = site
        world.branch('main', commitOf('main two'), { ...reviewers(forge.place), ...files })
        world.review(pull, bob, 'APPROVED', digest)
        await expectNone(site, said)
      }
    })

    test('a withdrawal that moves to the page before, while the next one is read, is seen', {
      tags: 'long',
    }, async () => {
      let act: (() => void) | undefined
      const list = kind === 'github' ? '/pulls/7/reviews' : '/merge_requests/7/notes'
      let asked = 0
      const instead: Instead = (what) => {
        if (act !== undefined && what.startsWith('GET') && what.endsWith(list)) {
          asked += 1
          if (asked === 2) act()
        }
        return undefined
      }
      const site = await reviewedLab(kind, { instead })
      const { world, pull, digest } = site
      const first = world.review(pull, carol, 'COMMENTED', 'hm')
      const approval = world.review(pull, bob, 'APPROVED', digest)
      const notes = world.notesOf(pull)
      const all = () => (kind === 'github' ? pull.reviews.length : pull.comments.length + notes.length)
      while (all() < 100) world.review(pull, carol, 'COMMENTED', 'hm')
      if (kind === 'github') world.review(pull, bob, 'CHANGES_REQUESTED', 'wait')
      else {
        world.dismiss(pull, approval)
        pull.approvedBy = [bob]
      }
      act = () => {
        if (kind === 'github') pull.reviews.splice(pull.reviews.indexOf(first), 1)
        else notes.splice(0, 1)
      }
      const { code, out } = await site.approve()
      expect(asked).toBeGreaterThanOrEqual(2)
      expect([4, 10]).toContain(code)
      expect(out).not.toContain('approved')
      expect(await isSent(site)).toBe(false)
    })

    test('a copy of the file of reviewers that says less of a person makes no two people of them', async () => {
      const site = await reviewedLab(kind)
      const { world, pull, lab, forge } = site
      lab.write('trust/reviewers.yaml', reviewersOf(forge.place).replace('person: p-bob, ', ''))
      await lab.eosflow('plan workflow.yaml -o change.plan')
      await site.show()
      world.review(pull, bob, 'APPROVED', site.digest)
      await expectNone(site, 'trust/reviewers.yaml says another person of bob')
    })

    test('an approval that was read while the clock was behind is the same one later', {
      tags: 'long',
    }, async () => {
      const site = await reviewedLab(kind)
      const { world, pull, lab } = site
      for (let n = 0; n < 2 * 3600; n += 1) world.tick()
      world.review(pull, bob, 'APPROVED', site.digest)
      expect(await site.approve()).toMatchObject({ code: 0, err: '' })
      await whileTimePasses(lab.clock, lab.clock.sleep(3 * 3600_000))
      expect(await site.approve()).toMatchObject({ code: 0, err: '' })
      const { out } = await lab.eosflow('audit list --code EF303 --json')
      expect(out.match(/"nonce":/g)).toHaveLength(1)
      expect(await isSent(site)).toBe(true)
    })

    test('a token with blanks around it is not in what the forge says back', async () => {
      const site = await reviewedLab(kind, {
        aroundToken: ' ',
        instead: (what) =>
          what.endsWith(lists) ? { status: 403, body: { message: 'no forge-token-0123456789 here' } } : undefined,
      })
      const { err } = await warns(10, site.approve(), 'it answers 403')
      expect(err).not.toContain(site.world.token)
    })
  },
)
