import { hash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { verifyExportFile } from '../../../src/project/record/audit/verify-record.ts'
import {
  type ChangeRecord,
  changeRecordIn,
  changeRecordPage,
  embedded,
} from '../../../src/report/change-record/change-record.ts'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { asJson, exits, fileText, hostIn, openLab, prints, warns } from '../../lab/lab.ts'

const ROW = /^(\{"chain":.*?),"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/s

/** The body of the record that a line of an excerpt has; undefined where it has a digest alone, or no record. */
function bodyIn(line: string) {
  return ROW.exec(line)?.[2]
}

/** The line with another body. */
function withBody(line: string, body: string) {
  const [, place, , digest] = ROW.exec(line) ?? []
  if (place === undefined) throw new RangeError('a line without a body')
  return `${place},"body":${body},"hash":"${digest}"}`
}

/** The line with the digest in place of its body, as those of others are there. */
function withDigest(line: string) {
  const [, place = '', body = '', digest] = ROW.exec(line) ?? []
  const shown = place.replace(',"mirror":true', '')
  return `${shown},"digest":"${hash('sha256', body, 'hex')}","hash":"${digest}"}`
}

/** A rolled back change, its page, and the public key of the store, in a folder where nothing else is. */
async function recorded() {
  const lab = openLab()
  lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
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

  test('by the key of another store is not vouched for', { tags: ['long', 'turn'] }, async () => {
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

/** A change whose description tries to be markup, which was put back; two more records of others lie between its own. */
async function kept() {
  const lab = openLab()
  lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
  await lab.ok('audit key')
  await exits(6, lab.change())
  await lab.ok('show @latest --html change.html')
  const away = join(lab.dir, 'away')
  mkdirSync(away)
  writeFileSync(join(away, 'key.pem'), (await lab.eosflow('audit key')).out)
  const page = fileText(lab.dir, 'change.html')
  const record = changeRecordIn(page)
  if (record === undefined) throw new RangeError('no record')
  await lab.ok('audit export --format jsonl --to export.jsonl')
  const others = fileText(lab.dir, 'export.jsonl')
    .split('\n')
    .flatMap((line) => (line.startsWith('{"checkpoint"') ? [String(JSON.parse(line).checkpoint)] : []))
    .filter((note) => note !== record.excerpt.checkpoint)
  const host = hostIn(away)
  const verified = (altered: string) => {
    writeFileSync(join(away, 'page.html'), altered)
    try {
      return verifyExportFile(host, undefined, 'page.html', { pubkey: 'key.pem', anchors: undefined }).fault?.reason
    } catch (error) {
      return error instanceof Error ? `refused: ${error.message}` : 'refused'
    }
  }
  return { page, record, others, verified }
}

/** The page that somebody with the same eosflow makes of an altered record; undefined where none can be made of it. */
function remade(record: ChangeRecord) {
  try {
    return changeRecordPage(record)
  } catch {
    return undefined
  }
}

/** A value in a document, by its path: names may hold dots. */
interface Alteration {
  readonly path: readonly (string | number)[]
  readonly other: Json
}

/** Every value in a document that is no list and no object, by its path, with another value in its place. */
function* alterations(value: Json, path: readonly (string | number)[] = []): Generator<Alteration> {
  if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* alterations(item, [...path, at])
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) yield* alterations(member, [...path, name])
  else yield { path, other: otherThan(value) }
}

function otherThan(value: Json): Json {
  if (typeof value === 'string') return value === 'leaf2' ? 'leaf3' : `${value}x`
  if (typeof value === 'number') return value + 1
  return value === null ? 'x' : !value
}

function withAt(value: Json, path: Alteration['path'], other: Json): Json {
  const [name, ...rest] = path
  if (name === undefined) return other
  if (Array.isArray(value)) return value.map((item, at) => (at === name ? withAt(item, rest, other) : item))
  const given = value as JsonObject
  return { ...given, [name]: withAt(given[name] ?? null, rest, other) }
}

describe('a forged record of a change is found', () => {
  test('as it was made it holds', async () => {
    const made = await kept()
    expect(made.verified(made.page)).toBeUndefined()
    expect(remade(made.record)).toBe(made.page)
  })

  test('[G27] [G80] whichever of its records is hidden behind its digest, with the page made anew', {
    tags: 'long',
  }, async () => {
    const { record, verified } = await kept()
    const unnoticed: string[] = []
    let looked = 0
    for (const [at, line] of record.excerpt.lines.entries()) {
      const body = bodyIn(line)
      if (body === undefined) continue
      looked += 1
      const lines = record.excerpt.lines.with(at, withDigest(line))
      const page = remade({ ...record, excerpt: { ...record.excerpt, lines } })
      if (page !== undefined && verified(page) === undefined) unnoticed.push(body)
    }
    expect(looked).toBeGreaterThan(50)
    expect(unnoticed).toEqual([])
  })

  test('[G27] whichever value of its records, of its plan and of what it says of itself is another, with the page made anew', {
    tags: 'long',
  }, async () => {
    const { record, verified } = await kept()
    const bodies = record.excerpt.lines.map((line) => JSON.parse(bodyIn(line) ?? 'null'))
    const unnoticed: string[] = []
    let looked = 0
    const take = (path: string, altered: ChangeRecord) => {
      looked += 1
      const page = remade(altered)
      if (page !== undefined && verified(page) === undefined) unnoticed.push(path)
    }
    for (const { path, other } of everyNthOfLong(5, 'values of records', [...alterations(bodies)])) {
      const at = Number(path[0])
      if (bodies[at] === null) continue
      const altered = (withAt(bodies, path, other) as readonly Json[])[at]
      const lines = record.excerpt.lines.with(at, withBody(record.excerpt.lines[at] ?? '', JSON.stringify(altered)))
      take(path.join('.'), { ...record, excerpt: { ...record.excerpt, lines } })
    }
    const { excerpt, ...besides } = record
    for (const { path, other } of everyNthOfLong(3, 'values of the plan', [...alterations(asJson(besides))]))
      take(path.join('.'), { ...(withAt(asJson(besides), path, other) as unknown as ChangeRecord), excerpt })
    for (const { path, other } of alterations({ ...excerpt, lines: [] }))
      take(path.join('.'), {
        ...record,
        excerpt: {
          ...(withAt({ ...excerpt, lines: [] }, path, other) as object),
          lines: excerpt.lines,
        } as ChangeRecord['excerpt'],
      })
    take('no plan', { ...record, plan: null })
    expect(looked).toBeGreaterThan(extentOfLong(150, 800))
    expect(unnoticed).toEqual([])
  })

  test('whichever record is left out, is there twice, or changes places, and whichever other checkpoint it is given', {
    tags: ['long', 'turn'],
  }, async () => {
    const { record, others, verified } = await kept()
    const { lines } = record.excerpt
    const unnoticed: string[] = []
    let looked = 0
    const take = (what: string, excerpt: Partial<ChangeRecord['excerpt']>) => {
      looked += 1
      const page = remade({ ...record, excerpt: { ...record.excerpt, ...excerpt } })
      if (page !== undefined && verified(page) === undefined) unnoticed.push(what)
    }
    for (const [at, line] of everyNthOfLong(3, 'records', [...lines.entries()])) {
      take(`${at} is left out`, { lines: lines.toSpliced(at, 1) })
      take(`${at} is there twice`, { lines: lines.toSpliced(at, 0, line) })
      if (at > 0) take(`${at} changes places`, { lines: lines.toSpliced(at - 1, 2, line, lines[at - 1] ?? '') })
    }
    for (const note of others) take('checkpoint', { checkpoint: note })
    take('no checkpoint', { checkpoint: '' })
    take('no records', { lines: [] })
    expect(others.length).toBeGreaterThan(0)
    expect(looked).toBeGreaterThan(extentOfLong(50, 150))
    expect(unnoticed).toEqual([])
  })

  test('whichever text of the page is another, and whichever of its bytes', { tags: ['long', 'turn'] }, async () => {
    const { page, verified } = await kept()
    const unnoticed: string[] = []
    let looked = 0
    const take = (altered: string) => {
      looked += 1
      if (altered === page) throw new RangeError('nothing is altered')
      if (verified(altered) === undefined) unnoticed.push(altered.slice(0, 20))
    }
    for (const { 0: text, index } of everyNthOfLong(4, 'texts', [...page.matchAll(/(?<=>)[^<>]+(?=<)/g)]))
      take(`${page.slice(0, index)}${text.trim() === '' ? 'x' : 'It went well.'}${page.slice(index + text.length)}`)
    for (let at = 0; at < page.length; at += 499)
      take(`${page.slice(0, at)}${page[at] === 'x' ? 'y' : 'x'}${page.slice(at + 1)}`)
    take(page.slice(0, -1))
    take(`${page} `)
    take(page.replace('</main>', '<p>approved by Ben</p></main>'))
    expect(looked).toBeGreaterThan(extentOfLong(100, 250))
    expect(unnoticed).toEqual([])
  })
})
