import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPages } from '../../../../src/change/roster/service/pages.ts'
import type { EosflowError } from '../../../../src/model/error.ts'
import type { JsonObject } from '../../../../src/model/json.ts'

const service = { name: 'netbox https://netbox.example', product: 'NetBox', byOffset: false }
const first = new URL('https://netbox.example/api/dcim/devices/?ordering=id&limit=5')

/** What somebody does to the list before a page is answered. */
interface Edit {
  /** Before which request. */
  readonly before: number
  /** Places of devices that are taken away, as parts of the list. */
  readonly gone: readonly number[]
  /** Ids of devices that are added: of NetBox they are the highest, of Nautobot anywhere. */
  readonly added: readonly number[]
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    before: fc.integer({ min: 1, max: 12 }),
    gone: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 2 }),
    added: fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 2 }),
  }),
  { maxLength: 4 },
)

/** A list that others edit while it is read. */
class EditedList {
  list: number[]
  /** The devices that were there all the time, and those that ever were. */
  readonly always: Set<number>
  readonly ever: Set<number>
  requests = 0
  readonly #cap: number
  readonly #edits: readonly Edit[]

  constructor(ids: readonly number[], cap: number, edits: readonly Edit[]) {
    this.list = [...ids].sort((a, b) => a - b)
    this.always = new Set(ids)
    this.ever = new Set(ids)
    this.#cap = cap
    this.#edits = edits
  }

  async page(url: URL): Promise<JsonObject> {
    this.requests += 1
    for (const edit of this.#edits.filter(({ before }) => before === this.requests)) this.#apply(edit)
    const offset = Number(url.searchParams.get('offset') ?? 0)
    const size = Math.min(Number(url.searchParams.get('limit')), this.#cap)
    const next = new URL(url)
    next.searchParams.set('offset', String(offset + size))
    return {
      count: this.list.length,
      next: offset + size < this.list.length ? next.href : null,
      results: this.list.slice(offset, offset + size).map((id) => ({ id })),
    }
  }

  #apply({ gone, added }: Edit) {
    for (const part of gone) {
      const [id] = this.list.splice(Math.floor(part * this.list.length), 1)
      if (id !== undefined) this.always.delete(id)
    }
    this.list = [...new Set([...this.list, ...added])].sort((a, b) => a - b)
    for (const id of added) this.ever.add(id)
  }
}

test('whatever is added and taken away meanwhile: each device that was there all the time is read, or nothing is', {
  tags: ['long', 'turn'],
}, async () => {
  let [whole, refused, again] = [0, 0, 0]
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 0, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(ids, fc.integer({ min: 2, max: 8 }), edits, async (had, cap, planned) => {
      const there = new EditedList(had, cap, planned)
      const read = await readPages((page) => there.page(page), first, service).then(
        (records) => records.map(({ id }) => Number(id)),
        (error: EosflowError) => error.kind,
      )
      if (typeof read === 'string') {
        expect(['inventory-count', 'inventory-source']).toContain(read)
        refused += 1
        return
      }
      expect(new Set(read).size).toBe(read.length)
      expect([...there.always].filter((id) => !read.includes(id))).toEqual([])
      expect(read.filter((id) => !there.ever.has(id))).toEqual([])
      whole += 1
      if (there.requests > Math.ceil(Math.max(1, read.length - 1) / (Math.min(5, cap) - 1))) again += 1
    }),
    { numRuns: 3000 },
  )
  // Neither is the rule.
  expect(whole).toBeGreaterThan(1500)
  expect(again).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(20)
})

test('a service that gives one device at once cannot be read safely, and says so', async () => {
  const ask = async (page: URL) => {
    const offset = Number(page.searchParams.get('offset') ?? 0)
    const next = new URL(page)
    next.searchParams.set('offset', String(offset + 1))
    return { count: 3, next: next.href, results: [{ id: offset + 1 }] }
  }
  await expect(readPages(ask, first, service)).rejects.toMatchObject({
    kind: 'inventory-source',
    message: 'netbox https://netbox.example: page 2 holds one device, and no page can be read behind it',
  })
})
