import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verifyExportFile } from '../../src/app/audit/verify-record.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { type ChangeRecord, changeRecordIn } from '../../src/report/change-record/change-record.ts'
import { changeRecordPage } from '../../src/report/change-record/page.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { fileText } from '../lab/files.ts'
import { exits, openLab } from '../lab/lab.ts'
import { hostIn } from '../lab/opened-app.ts'
import { asJson } from '../lab/part-of.ts'
import { bodyIn, withBody, withDigest } from './record-lines.ts'

/** A change whose description tries to be markup, which was put back; two more records of others lie between its own. */
async function kept() {
  const lab = openLab()
  lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
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
