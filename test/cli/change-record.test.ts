import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changeRecordIn, embedded } from '../../src/report/change-record/change-record.ts'
import { changeRecordPage } from '../../src/report/change-record/page.ts'
import { everyNthOfLong } from '../extent.ts'
import { fileText } from '../lab/files.ts'
import { exits, openLab, prints, warns } from '../lab/lab.ts'
import { bodyIn } from './record-lines.ts'

/** A rolled back change, its page, and the public key of the store, in a folder where nothing else is. */
async function recorded() {
  const lab = openLab()
  lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
  await exits(6, lab.change())
  await prints(0, lab.eosflow('show @latest --html change.html'), 'Next: eosflow audit verify change.html\n')
  const away = join(lab.dir, 'away')
  mkdirSync(away)
  writeFileSync(join(away, 'key.pem'), (await lab.eosflow('audit key')).out)
  return { lab, page: fileText(lab.dir, 'change.html'), away }
}

/** What `audit verify` says of a page on a machine that has the public key alone. */
async function verified({ lab, away }: Pick<Awaited<ReturnType<typeof recorded>>, 'lab' | 'away'>, page: string) {
  writeFileSync(join(away, 'page.html'), page)
  const { code, out, err } = await lab.eosflowIn(away, 'audit verify page.html --pubkey key.pem')
  return { code, out: out + err }
}

describe('the signed record of a change', () => {
  test('is one page that asks nobody for anything, and is verified where nothing but the public key is', async () => {
    const made = await recorded()
    const { page } = made
    expect(page).toContain('leaf1 was not good after the commit, so everything was put back')
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="eosflow-change-record">'])
    expect(page).not.toMatch(/ (?:src|href|action|style|on[a-z]+)="/)
    await prints(
      0,
      verified(made, page),
      /✔ \d+ records(?: \(\d+ to \d+\))? of page\.html hold/,
      '1 checkpoint in the record',
    )
    // Records of others are there as digests alone.
    const { lines = [] } = changeRecordIn(page)?.excerpt ?? {}
    expect(lines.filter((line) => bodyIn(line) !== undefined).length).toBeGreaterThan(40)
  })

  test('[U25] takes the place of no file that is not such a page', { tags: 'long' }, async () => {
    const lab = openLab()
    await exits(0, lab.change())
    await lab.ok('snapshot take before')
    const commands = [
      ['show', '@latest', '--html', 'page.html'],
      ['snapshot', 'diff', 'before', '--html', 'page.html'],
    ]
    for (const argv of commands) {
      lab.write('page.html', '<p>my notes</p>\n')
      await warns(3, lab.eosflow(...argv), 'page.html:1:1: there is a file of that name, which is no page of eosflow\n')
      expect(fileText(lab.dir, 'page.html')).toBe('<p>my notes</p>\n')
    }
    lab.write('page.html', '')
    // An empty file, the page of before, and that of another command.
    for (const argv of [...commands, ...commands]) {
      await lab.ok(...argv)
    }
  })

  test.each(
    everyNthOfLong(3, 'changes of a record of a change', [
      [
        'a word of what is shown',
        (page: string) => page.replace('everything was put back', 'nothing was put back'),
        /does not show what its records say/,
      ],
      ['a record', (page: string) => page.replace('"reverted\\",\\"', '"changed\\",\\"'), /./],
      [
        'a record and the page that is made of it',
        (page: string) => {
          const record = changeRecordIn(page)
          if (record === undefined) throw new RangeError('no record')
          const lines = record.excerpt.lines.map((line) => line.replace('"end":"reverted"', '"end":"changed"'))
          expect(lines).not.toEqual(record.excerpt.lines)
          return changeRecordPage({ ...record, excerpt: { ...record.excerpt, lines } })
        },
        /was altered/,
      ],
      [
        'the plan and the page that is made of it',
        (page: string) => {
          const record = changeRecordIn(page)
          if (record?.plan == null) throw new RangeError('no plan')
          const plan = { ...record.plan, concurrency: record.plan.concurrency + 1 }
          return changeRecordPage({ ...record, plan })
        },
        /the plan in it is not the one whose digest is on record/,
      ],
      [
        'which eosflow has made it',
        (page: string) => page.replaceAll('"version":"0.1.0"', '"version":"0.0.9"'),
        /eosflow 0\.0\.9 made the page/,
      ],
      ['text behind it', (page: string) => `${page}<p>approved</p>`, /does not show what its records say/],
    ]),
  )('does not verify when somebody has changed %s: exit 6', { tags: 'long' }, async (_, altered, reason) => {
    const made = await recorded()
    const page = altered(made.page)
    expect(page).not.toBe(made.page)
    await prints(6, verified(made, page), reason)
  })

  test('by the key of another store is not vouched for', async () => {
    const made = await recorded()
    const other = openLab()
    await other.eosflow('audit list')
    writeFileSync(join(made.away, 'key.pem'), (await other.eosflow('audit key')).out)
    await exits(6, verified(made, made.page))
  })

  test('any other page is refused by name', { tags: ['long', 'turn'] }, async () => {
    const made = await recorded()
    await prints(3, verified(made, '<!doctype html><p>hello</p>'), 'this page holds no record of a change')
    await prints(
      3,
      verified(made, made.page.replace('"excerpt":{"v":2,', '"excerpt":{"v":1,')),
      'the records in this page are of version 1: this eosflow reads version 2',
    )
  })
})

test('[G19] text of a record cannot end the element that it is in', () => {
  const text = embedded({
    kind: 'eosflow.change-record',
    v: 1,
    version: '0.1.0',
    execution: 'x</script><b>',
    excerpt: { v: 2, origin: 'o', lines: [], checkpoint: '' },
    plan: null,
  })
  expect(text.match(/<\/?[a-z]+/g)).toEqual(['<script', '</script'])
  expect(changeRecordIn(text)?.execution).toBe('x</script><b>')
})
